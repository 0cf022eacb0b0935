namespace IotOps.Emulator.Tests.Batch;

/// <summary>Jobs that wait for others.</summary>
public sealed class DependencyTests : BatchTestBase
{
    private readonly TaskCompletionSource<int> _gate = new();

    [Fact]
    public async Task A_job_waits_until_all_that_it_depends_on_have_succeeded()
    {
        Register((run, _) => run.JobName == "slow" ? _gate.Task : Task.FromResult(0));
        string slow = await SubmitAsync("slow");
        string array = await Client.SubmitAsync("""{"jobName":"array","jobQueue":"q","jobDefinition":"d","arrayProperties":{"size":2}}""");
        string last = await SubmitAsync("last", slow, array);
        await Emulator.Batch.WaitAsync(array);
        Emulator.Batch.Find(last)!.Status.ShouldBe(BatchJobStatus.Pending);
        (await Client.DescribeAsync(last))["dependsOn"]!.ToJsonString().ShouldBe($$"""[{"jobId":"{{slow}}"},{"jobId":"{{array}}"}]""");

        _gate.SetResult(0);

        (await Emulator.Batch.WaitAsync(last)).Status.ShouldBe(BatchJobStatus.Succeeded);
    }

    [Fact]
    public async Task What_depends_on_a_job_that_fails_fails_too_and_never_runs()
    {
        Register((run, _) => run.JobName == "slow" ? _gate.Task : Task.FromResult(0));
        string slow = await SubmitAsync("slow");
        string next = await Client.SubmitAsync($$"""{"jobName":"next","jobQueue":"q","jobDefinition":"d","arrayProperties":{"size":2},"dependsOn":[{"jobId":"{{slow}}"}]}""");
        string last = await SubmitAsync("last", next);

        _gate.SetResult(1);

        EmulatedBatchJob job = await Emulator.Batch.WaitAsync(last);
        (job.Status, job.StatusReason, job.Attempts).ShouldBe((BatchJobStatus.Failed, "Dependent Job failed", 0));
        Emulator.Batch.Jobs.Where(one => one.JobName == "next").ShouldAllBe(one => one.Status == BatchJobStatus.Failed && one.Attempts == 0);
    }

    [Fact]
    public async Task The_first_that_fails_decides_while_others_run()
    {
        var failing = new TaskCompletionSource<int>();
        Register((run, _) => run.JobName == "failing" ? failing.Task : _gate.Task);
        string last = await SubmitAsync("last", await SubmitAsync("failing"), await SubmitAsync("running"));

        failing.SetResult(1);

        (await Emulator.Batch.WaitAsync(last)).Status.ShouldBe(BatchJobStatus.Failed);
        _gate.SetResult(0);
    }

    [Fact]
    public async Task One_that_has_ended_is_waited_for_no_more()
    {
        Register((run, _) => Task.FromResult(run.JobName == "bad" ? 1 : 0));
        string good = await SubmitAsync("good");
        string bad = await SubmitAsync("bad");
        await Emulator.Batch.WaitAsync(good);
        await Emulator.Batch.WaitAsync(bad);

        (await Emulator.Batch.WaitAsync(await SubmitAsync("a", good))).Status.ShouldBe(BatchJobStatus.Succeeded);
        (await Emulator.Batch.WaitAsync(await SubmitAsync("b", bad))).Status.ShouldBe(BatchJobStatus.Failed);
    }

    [Fact]
    public async Task A_job_that_waits_can_be_cancelled()
    {
        Register((_, _) => _gate.Task);
        string slow = await SubmitAsync("slow");
        string waiting = await SubmitAsync("waiting", slow);
        await Client.CallAsync("canceljob", $$"""{"jobId":"{{waiting}}","reason":"no"}""");
        _gate.SetResult(0);
        await Emulator.Batch.WaitAsync(slow);

        EmulatedBatchJob job = Emulator.Batch.Find(waiting)!;
        (job.Status, job.StatusReason, job.Attempts).ShouldBe((BatchJobStatus.Failed, "no", 0));
        ((bool)(await Client.DescribeAsync(waiting))["isCancelled"]!).ShouldBeTrue();
    }

    private Task<string> SubmitAsync(string name, params string[] after) => Client.SubmitAsync(
        $$"""{"jobName":"{{name}}","jobQueue":"q","jobDefinition":"d","dependsOn":[{{string.Join(',', after.Select(id => $$"""{"jobId":"{{id}}"}"""))}}]}""");
}
