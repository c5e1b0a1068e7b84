host_test(test_run_json entrybench-model)
