using System.Text.Json.Nodes;

namespace IotOps.Emulator.Tests.Batch;

public sealed class JobTests : BatchTestBase
{
    [Fact]
    public async Task A_job_runs_with_its_references_replaced_and_its_environment()
    {
        BatchJobRun? seen = null;
        Emulator.Batch.RegisterJobDefinition(new BatchJobDefinition
        {
            Name = "generate",
            Command = ["generate-ziplog", "--identifier", "Ref::Identifier", "--date=Ref::Date", "Ref::Missing"],
            Parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["Identifier"] = "none", ["Date"] = "2023/10/01" },
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["A"] = "1", ["B"] = "2" },
            Run = (run, _) =>
            {
                seen = run;
                return Task.FromResult(0);
            },
        }).ShouldBe(1);

        string id = await Client.SubmitAsync("""
            {"jobName":"iot-log_1","jobQueue":"q","jobDefinition":"generate","parameters":{"Identifier":"THING00001"},
             "containerOverrides":{"environment":[{"name":"B","value":"3"}]}}
            """);
        EmulatedBatchJob job = await Emulator.Batch.WaitAsync(id);

        job.Status.ShouldBe(BatchJobStatus.Succeeded);
        job.ExitCode.ShouldBe(0);
        job.SubmittedBy.ShouldBe("arn:aws:iam::123456789012:user/emulator");
        seen.ShouldNotBeNull().Command.ShouldBe(["generate-ziplog", "--identifier", "THING00001", "--date=Ref::Date", "Ref::Missing"]);
        (seen.JobId, seen.JobName, seen.Attempt, seen.ArrayIndex).ShouldBe((id, "iot-log_1", 1, null));
        string.Join(' ', seen.Environment.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{e.Key}={e.Value}"))
            .ShouldBe($"A=1 AWS_BATCH_CE_NAME=emulator AWS_BATCH_JOB_ATTEMPT=1 AWS_BATCH_JOB_ID={id} AWS_BATCH_JQ_NAME=q B=3");
    }

    [Fact]
    public async Task DescribeJobs_shows_the_job_as_AWS_does()
    {
        Register((_, _) => Task.FromResult(3));
        string id = await Client.SubmitAsync("""{"jobName":"j","jobQueue":"arn:aws:batch:eu-west-1:123456789012:job-queue/q","jobDefinition":"d:1","parameters":{"a":"b"},"timeout":{"attemptDurationSeconds":3600}}""");
        await Emulator.Batch.WaitAsync(id);
        JsonObject job = await Client.DescribeAsync(id);
        long now = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        job["jobArn"]!.ToString().ShouldBe($"arn:aws:batch:eu-west-1:123456789012:job/{id}");
        job["jobQueue"]!.ToString().ShouldBe("arn:aws:batch:eu-west-1:123456789012:job-queue/q");
        job["jobDefinition"]!.ToString().ShouldBe("arn:aws:batch:eu-west-1:123456789012:job-definition/d:1");
        job["status"]!.ToString().ShouldBe("FAILED");
        job["statusReason"]!.ToString().ShouldBe("Essential container in task exited");
        job["parameters"]!.ToJsonString().ShouldBe("""{"a":"b"}""");
        job["timeout"]!.ToJsonString().ShouldBe("""{"attemptDurationSeconds":3600}""");
        job["attempts"]!.ToJsonString().ShouldBe($$"""[{"container":{"exitCode":3},"startedAt":{{now}},"stoppedAt":{{now}},"statusReason":"Essential container in task exited"}]""");
        ((int)job["container"]!["exitCode"]!).ShouldBe(3);
        (await Client.CallAsync("describejobs", """{"jobs":["none"]}""")).Answer.ToJsonString().ShouldBe("""{"jobs":[]}""");
    }

    [Fact]
    public async Task So_many_run_at_once_and_the_others_wait()
    {
        Register(UntilStopped);
        string[] ids = [await Client.SubmitAsync(), await Client.SubmitAsync(), await Client.SubmitAsync()];
        await WaitForAsync(ids[0], BatchJobStatus.Running);
        await WaitForAsync(ids[1], BatchJobStatus.Running);
        Emulator.Batch.Find(ids[2])!.Status.ShouldBe(BatchJobStatus.Runnable);
        await Client.CallAsync("terminatejob", $$"""{"jobId":"{{ids[0]}}","reason":"enough"}""");
        EmulatedBatchJob ended = await Emulator.Batch.WaitAsync(ids[0]);
        (ended.Status, ended.StatusReason, ended.ExitCode).ShouldBe((BatchJobStatus.Failed, "enough", 143));
        await WaitForAsync(ids[2], BatchJobStatus.Running);
    }

    [Fact]
    public async Task CancelJob_ends_a_job_that_waits_and_leaves_one_that_runs()
    {
        Register(UntilStopped);
        string[] ids = [await Client.SubmitAsync(), await Client.SubmitAsync(), await Client.SubmitAsync()];
        await WaitForAsync(ids[0], BatchJobStatus.Running);
        await WaitForAsync(ids[1], BatchJobStatus.Running);
        foreach (string id in ids)
        {
            (await Client.CallAsync("canceljob", $$"""{"jobId":"{{id}}","reason":"not wanted"}""")).Answer.ToJsonString().ShouldBe("{}");
        }

        EmulatedBatchJob cancelled = await Emulator.Batch.WaitAsync(ids[2]);
        (cancelled.Status, cancelled.StatusReason, cancelled.Attempts).ShouldBe((BatchJobStatus.Failed, "not wanted", 0));
        Emulator.Batch.Find(ids[0])!.Status.ShouldBe(BatchJobStatus.Running);
    }

    [Fact]
    public async Task A_failed_attempt_is_followed_by_the_next_while_there_is_one()
    {
        Register((run, _) => run.Attempt < 3 ? throw new InvalidOperationException("boom") : Task.FromResult(0), attempts: 3);
        EmulatedBatchJob job = await Emulator.Batch.WaitAsync(await Client.SubmitAsync());
        (job.Status, job.Attempts).ShouldBe((BatchJobStatus.Succeeded, 3));
        JsonObject described = await Client.DescribeAsync(job.JobId);
        described["attempts"]!.AsArray().Select(a => a!["container"]!.ToJsonString()).ShouldBe(["""{"exitCode":1,"reason":"boom"}""", """{"exitCode":1,"reason":"boom"}""", """{"exitCode":0}"""]);

        string once = await Client.SubmitAsync("""{"jobName":"j","jobQueue":"q","jobDefinition":"d","retryStrategy":{"attempts":2}}""");
        (await Emulator.Batch.WaitAsync(once)).Status.ShouldBe(BatchJobStatus.Failed);
    }

    [Fact]
    public async Task A_reclaimed_Spot_task_is_tried_again()
    {
        Register((run, stop) => run.Attempt == 1 ? UntilStopped(run, stop) : Task.FromResult(0), attempts: 2);
        string id = await Client.SubmitAsync();
        await WaitForAsync(id, BatchJobStatus.Running);
        Emulator.Batch.Reclaim(id);
        EmulatedBatchJob job = await Emulator.Batch.WaitAsync(id);
        (job.Status, job.Attempts).ShouldBe((BatchJobStatus.Succeeded, 2));
        Emulator.Batch.Reclaim(id);
        Emulator.Batch.Find(id)!.Status.ShouldBe(BatchJobStatus.Succeeded);
    }

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_ended_and_not_tried_again()
    {
        Register(UntilStopped, attempts: 3);
        string id = await Client.SubmitAsync("""{"jobName":"j","jobQueue":"q","jobDefinition":"d","timeout":{"attemptDurationSeconds":60}}""");
        await WaitForAsync(id, BatchJobStatus.Running);
        Clock.Advance(TimeSpan.FromSeconds(60));
        EmulatedBatchJob job = await Emulator.Batch.WaitAsync(id);
        (job.Status, job.StatusReason, job.Attempts).ShouldBe((BatchJobStatus.Failed, "Job attempt duration exceeded timeout", 1));
    }

    [Fact]
    public async Task An_array_is_one_job_for_each_index()
    {
        Register((run, _) => Task.FromResult(run.Environment["AWS_BATCH_JOB_ARRAY_INDEX"] == "2" ? 1 : 0));
        string id = await Client.SubmitAsync("""{"jobName":"j","jobQueue":"q","jobDefinition":"d","arrayProperties":{"size":4}}""");
        EmulatedBatchJob parent = await Emulator.Batch.WaitAsync(id);
        (parent.Status, parent.ArraySize, parent.Attempts).ShouldBe((BatchJobStatus.Failed, 4, 0));
        Enumerable.Range(0, 4).Select(i => Emulator.Batch.Find($"{id}:{i}")!.Status).ShouldBe(
            [BatchJobStatus.Succeeded, BatchJobStatus.Succeeded, BatchJobStatus.Failed, BatchJobStatus.Succeeded]);
        JsonNode summary = (await Client.DescribeAsync(id))["arrayProperties"]!;
        ((int)summary["size"]!, (int)summary["statusSummary"]!["SUCCEEDED"]!, (int)summary["statusSummary"]!["FAILED"]!).ShouldBe((4, 3, 1));
        ((int)(await Client.DescribeAsync(id + ":3"))["arrayProperties"]!["index"]!).ShouldBe(3);
        (await Client.ListAsync($$"""{"arrayJobId":"{{id}}","jobStatus":"SUCCEEDED"}""")).Length.ShouldBe(3);
    }

    [Fact]
    public async Task Terminating_an_array_ends_every_job_of_it()
    {
        Register(UntilStopped);
        string id = await Client.SubmitAsync("""{"jobName":"j","jobQueue":"q","jobDefinition":"d","arrayProperties":{"size":3}}""");
        await WaitForAsync(id + ":0", BatchJobStatus.Running);
        Emulator.Batch.Find(id)!.Status.ShouldBe(BatchJobStatus.Pending);
        await Client.CallAsync("terminatejob", $$"""{"jobId":"{{id}}","reason":"enough"}""");
        (await Emulator.Batch.WaitAsync(id)).Status.ShouldBe(BatchJobStatus.Failed);
        Emulator.Batch.Jobs.ShouldAllBe(j => j.Status == BatchJobStatus.Failed);
    }

    [Fact]
    public async Task ListJobs_goes_by_status_or_by_name_whatever_the_status()
    {
        Register((_, _) => Task.FromResult(0));
        foreach (string name in (string[])["log_1", "log_2", "other"])
        {
            await Emulator.Batch.WaitAsync(await Client.SubmitAsync($$"""{"jobName":"{{name}}","jobQueue":"q","jobDefinition":"d"}"""));
        }

        (await Client.ListAsync("""{"jobQueue":"q"}""")).ShouldBeEmpty();
        (await Client.ListAsync("""{"jobQueue":"q","jobStatus":"SUCCEEDED"}""")).ShouldBe(["other", "log_2", "log_1"]);
        (await Client.ListAsync("""{"jobQueue":"q","filters":[{"name":"JOB_NAME","values":["LOG_2"]}]}""")).ShouldBe(["log_2"]);
        (await Client.ListAsync("""{"jobQueue":"q","filters":[{"name":"JOB_NAME","values":["log*"]}]}""")).ShouldBe(["log_2", "log_1"]);
        JsonObject page = (await Client.CallAsync("listjobs", """{"jobQueue":"q","jobStatus":"SUCCEEDED","maxResults":2}""")).Answer;
        page["jobSummaryList"]!.AsArray().Count.ShouldBe(2);
        (await Client.ListAsync($$"""{"jobQueue":"q","jobStatus":"SUCCEEDED","nextToken":"{{page["nextToken"]}}"}""")).ShouldBe(["log_1"]);
    }
}
