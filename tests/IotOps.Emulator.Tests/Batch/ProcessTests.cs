namespace IotOps.Emulator.Tests.Batch;

public sealed class ProcessTests : BatchTestBase
{
    [Fact]
    public async Task Without_a_delegate_the_command_is_a_process_behind_its_entry_point()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("There is no /bin/sh.");
        }

        Emulator.Batch.RegisterJobDefinition(new BatchJobDefinition
        {
            Name = "d",
            EntryPoint = ["/bin/sh", "-c", "echo \"$1 $2 $AWS_BATCH_JOB_ATTEMPT\"; echo err >&2; exit 3", "sh"],
            Command = ["--identifier", "Ref::Identifier"],
        });
        EmulatedBatchJob job = await Emulator.Batch.WaitAsync(await Client.SubmitAsync("""{"jobName":"j","jobQueue":"q","jobDefinition":"d","parameters":{"Identifier":"$(x) ; y"}}"""));
        (job.Status, job.ExitCode).ShouldBe((BatchJobStatus.Failed, 3));
        job.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["--identifier $(x) ; y 1", "err"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_process_is_asked_to_end_first()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("There is no SIGTERM.");
        }

        Emulator.Batch.RegisterJobDefinition(new BatchJobDefinition
        {
            Name = "d",
            Command = ["/bin/sh", "-c", "trap 'echo saved; exit 7' TERM; echo ready; while :; do sleep 0.05; done"],
        });
        string id = await Client.SubmitAsync();
        await WaitForAsync(id, BatchJobStatus.Running);

        // Until the trap is set the signal would simply end it: both are an end by SIGTERM.
        await Client.CallAsync("terminatejob", $$"""{"jobId":"{{id}}","reason":"enough"}""");
        EmulatedBatchJob job = await Emulator.Batch.WaitAsync(id);
        (job.Status, job.StatusReason).ShouldBe((BatchJobStatus.Failed, "enough"));
        job.ExitCode.ShouldBeOneOf(7, 143);
    }

    [Fact]
    public async Task A_program_that_does_not_exist_fails_the_job()
    {
        Emulator.Batch.RegisterJobDefinition(new BatchJobDefinition { Name = "d", Command = ["/nonexistent/program"] });
        EmulatedBatchJob job = await Emulator.Batch.WaitAsync(await Client.SubmitAsync());
        (job.Status, job.ExitCode).ShouldBe((BatchJobStatus.Failed, 127));
        job.Output.ShouldContain("/nonexistent/program");
    }

    [Fact]
    public async Task Disposing_the_emulator_ends_what_runs()
    {
        var ended = new TaskCompletionSource();
        Register(async (run, stop) =>
        {
            int code = await UntilStopped(run, stop);
            ended.SetResult();
            return code;
        });
        await WaitForAsync(await Client.SubmitAsync(), BatchJobStatus.Running);
        await Emulator.DisposeAsync();
        ended.Task.IsCompletedSuccessfully.ShouldBeTrue();
    }
}
