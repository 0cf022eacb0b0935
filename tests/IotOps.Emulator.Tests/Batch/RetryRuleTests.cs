using System.Text.Json.Nodes;

namespace IotOps.Emulator.Tests.Batch;

/// <summary>Which ends of an attempt are followed by the next: https://docs.aws.amazon.com/batch/latest/APIReference/API_EvaluateOnExit.html.</summary>
public sealed class RetryRuleTests : BatchTestBase
{
    [Theory]
    [InlineData("""{"onExitCode":"3","action":"EXIT"}""", 1)]
    [InlineData("""{"onExitCode":"4","action":"exit"}""", 3)]
    [InlineData("""{"onExitCode":"3*","action":"exit"}""", 1)]
    [InlineData("""{"onStatusReason":"essential container*","action":"EXIT"}""", 1)]
    [InlineData("""{"onStatusReason":"Essential container","action":"EXIT"}""", 3)]
    [InlineData("""{"onExitCode":"3","onStatusReason":"Spot*","action":"EXIT"}""", 3)]
    [InlineData("""{"onExitCode":"3","action":"RETRY"},{"onReason":"*","action":"EXIT"}""", 3)]
    [InlineData("""{"onReason":"*","action":"EXIT"},{"onExitCode":"3","action":"RETRY"}""", 1)]
    public async Task The_first_rule_that_an_attempt_meets_decides_and_after_none_the_next_follows(string rules, int attempts)
    {
        Register((_, _) => Task.FromResult(3));

        EmulatedBatchJob job = await Emulator.Batch.WaitAsync(
            await Client.SubmitAsync($$$"""{"jobName":"j","jobQueue":"q","jobDefinition":"d","retryStrategy":{"attempts":3,"evaluateOnExit":[{{{rules}}}]}}"""));

        (job.Status, job.Attempts, job.ExitCode).ShouldBe((BatchJobStatus.Failed, attempts, 3));
        JsonObject described = await Client.DescribeAsync(job.JobId);
        described["retryStrategy"]!["evaluateOnExit"]!.AsArray().Count.ShouldBe(rules.Split("},{").Length);
        ((string?)described["attempts"]![0]!["statusReason"]).ShouldBe("Essential container in task exited");
    }

    // deploy/slack-export/template.yaml: a reclaimed Spot task and a container that never ran are tried again, and nothing else.
    [Fact]
    public async Task The_rules_of_a_definition_hold_for_its_jobs()
    {
        Emulator.Batch.RegisterJobDefinition(new BatchJobDefinition
        {
            Name = "d",
            Attempts = 3,
            EvaluateOnExit =
            [
                new BatchRetryRule { OnStatusReason = "Your Spot Task was interrupted*", Action = BatchRetryAction.Retry },
                new BatchRetryRule { OnReason = "*", Action = BatchRetryAction.Exit },
            ],
            Run = (run, stop) => run.Attempt == 1 ? UntilStopped(run, stop) : Task.FromResult(1),
        });
        string id = await Client.SubmitAsync();
        await WaitForAsync(id, BatchJobStatus.Running);
        Emulator.Batch.Reclaim(id);

        EmulatedBatchJob job = await Emulator.Batch.WaitAsync(id);

        (job.Status, job.Attempts, job.ExitCode).ShouldBe((BatchJobStatus.Failed, 2, 1));
    }

    [Theory]
    [InlineData("x", null)]
    [InlineData(null, "a|b")]
    [InlineData(null, null)]
    public void Rules_of_a_definition_are_checked(string? exitCode, string? reason) =>
        Should.Throw<ArgumentException>(() => Emulator.Batch.RegisterJobDefinition(new BatchJobDefinition
        {
            Name = "d",
            EvaluateOnExit = [new BatchRetryRule { OnExitCode = exitCode, OnReason = reason, Action = BatchRetryAction.Exit }],
        }));
}
