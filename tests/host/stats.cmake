host_test(test_histogram entrybench-stats)
host_test(test_round_trip entrybench-stats)
host_test(test_stats entrybench-stats)
host_test(test_summary entrybench-model)
