"""A Ray cluster of two nodes on this machine's loopback address, until the input ends: prints its address."""

import os
import sys

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
# Without it Ray takes an address of the network in the place of the loopback one.
os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
from ray.cluster_utils import Cluster  # noqa: E402

node = {"num_cpus": 1, "node_ip_address": "127.0.0.1", "include_dashboard": False, "object_store_memory": 80_000_000}
cluster = Cluster(initialize_head=True, head_node_args=node)
cluster.add_node(**node)
cluster.wait_for_nodes()
print(cluster.address, flush=True)
sys.stdin.read()
cluster.shutdown()
