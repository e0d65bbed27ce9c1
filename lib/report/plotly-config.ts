/** plotly's behaviour wherever a figure is interactive: nothing is offered that sends it somewhere. */
export const plotlyConfig = { responsive: true, displaylogo: false, showSendToCloud: false };
