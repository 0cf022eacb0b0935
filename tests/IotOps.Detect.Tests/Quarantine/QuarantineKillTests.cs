namespace IotOps.Detect.Tests.Quarantine;

/// <summary>
/// A run that is killed at any point, between two steps, between a call and its journal entry, and before an answer is seen, ends after the next
/// run as the undisturbed one does, and no call is made twice.
/// </summary>
public sealed class QuarantineKillTests
{
    [Theory]
    [InlineData("run")]
    [InlineData("undo")]
    [InlineData("undo one step")]
    [InlineData("undo step by step")]
    [InlineData("revoke")]
    public async Task A_killed_run_is_resumed_to_the_end_of_the_undisturbed_one(string flow)
    {
        (int points, string state, List<string> changes) = await UndisturbedAsync(flow);
        points.ShouldBeGreaterThan(6);

        for (int killAt = 0; killAt < points; killAt++)
        {
            await using QuarantineLab lab = await ReadyAsync(flow);
            List<string> made = [];
            await using (var killed = new QuarantineRun(lab, new KillSwitch(killAt)))
            {
                await Should.ThrowAsync<KilledException>(() => DoAsync(flow, killed));
                made.AddRange(killed.Transport.Changes);
            }

            await using var resumed = new QuarantineRun(lab);
            QuarantineStatus status = await DoAsync(flow, resumed);

            status.Problem.ShouldBeNull($"killed at {killAt}");
            made.AddRange(resumed.Transport.Changes);
            (await lab.StateAsync()).ShouldBe(Named(state, lab), $"killed at {killAt}");
            made.ShouldBe(changes.Select(change => Named(change, lab)), $"killed at {killAt}");
        }
    }

    [Fact]
    public async Task A_run_that_is_killed_again_and_again_comes_to_its_end()
    {
        (_, string state, List<string> changes) = await UndisturbedAsync("run");
        await using QuarantineLab lab = await ReadyAsync("run");
        List<string> made = [];
        bool isKilled = true;
        for (int round = 0; isKilled; round++)
        {
            round.ShouldBeLessThan(100);

            // Each run comes two points further than the last one before it is killed.
            await using var run = new QuarantineRun(lab, new KillSwitch(2));
            try
            {
                await run.ExecuteAsync();
                isKilled = false;
            }
            catch (KilledException)
            {
                // The next one resumes it.
            }

            made.AddRange(run.Transport.Changes);
        }

        (await lab.StateAsync()).ShouldBe(Named(state, lab));
        made.ShouldBe(changes.Select(change => Named(change, lab)));
    }

    private static async Task<(int Points, string State, List<string> Changes)> UndisturbedAsync(string flow)
    {
        await using QuarantineLab lab = await ReadyAsync(flow);
        var counter = new KillSwitch();
        await using var run = new QuarantineRun(lab, counter);
        (await DoAsync(flow, run)).Problem.ShouldBeNull();
        return (counter.Points, Unnamed(await lab.StateAsync(), lab), [.. run.Transport.Changes.Select(change => Unnamed(change, lab))]);
    }

    private static async Task<QuarantineLab> ReadyAsync(string flow)
    {
        QuarantineLab lab = await QuarantineLab.StartAsync();
        await lab.ConnectAsync();
        if (flow != "run")
        {
            await using var run = new QuarantineRun(lab);
            (await run.ExecuteAsync()).State.ShouldBe(QuarantineState.Held);
            lab.Clock.Advance(TimeSpan.FromHours(24));
        }

        return lab;
    }

    private static async Task<QuarantineStatus> DoAsync(string flow, QuarantineRun run) => flow switch
    {
        "run" => await run.ExecuteAsync(),
        "undo" => await run.Runbook.UndoAsync(QuarantineLab.Violation, "ops", "false alarm"),
        "undo one step" => await UndoAsync(run, step => step.Kind == QuarantineStepKind.AddToGroup),
        "undo step by step" => await UndoAsync(run, step => step is { Kind: not QuarantineStepKind.DeleteConnection, IsFinal: false }),
        _ => await run.Runbook.RevokeAsync(QuarantineLab.Violation, "chief", "confirmed"),
    };

    private static async Task<QuarantineStatus> UndoAsync(QuarantineRun run, Func<QuarantineStep, bool> which)
    {
        QuarantineStatus status = (await run.Runbook.StatusAsync(QuarantineLab.Violation))!;
        foreach (int step in status.Plan.Steps.Where(which).Select(step => step.Number).Reverse())
        {
            status = await run.Runbook.UndoStepAsync(QuarantineLab.Violation, step, "ops", "false alarm");
            status.Problem.ShouldBeNull();
        }

        return status;
    }

    // Certificates have other ids in each lab, and are named in the order of these.
    private static string Unnamed(string text, QuarantineLab lab) => text.Replace(lab.Id(0), "<0>", StringComparison.Ordinal)
        .Replace(lab.Id(1), "<1>", StringComparison.Ordinal).Replace(lab.Id(2), "<2>", StringComparison.Ordinal);

    private static string Named(string text, QuarantineLab lab) => text.Replace("<0>", lab.Id(0), StringComparison.Ordinal)
        .Replace("<1>", lab.Id(1), StringComparison.Ordinal).Replace("<2>", lab.Id(2), StringComparison.Ordinal);
}
