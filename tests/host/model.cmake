host_test(test_run_json entrybench-model)
host_test(test_reference entrybench-model)
