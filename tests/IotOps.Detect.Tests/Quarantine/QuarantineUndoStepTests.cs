namespace IotOps.Detect.Tests.Quarantine;

/// <summary>
/// Single steps of a held quarantine: 1 and 2 deactivate the certificates 0 and 1, 3 ends the connection, 4 adds to the group; from 5 on each
/// certificate gets the deny policy and loses its own ones.
/// </summary>
public sealed class QuarantineUndoStepTests
{
    private const int Group = 4;

    [Fact]
    public async Task One_step_is_undone_and_the_rest_stays_in_effect()
    {
        await using QuarantineLab lab = await HeldAsync();
        await using var run = new QuarantineRun(lab);

        QuarantineStatus status = await run.Runbook.UndoStepAsync("v-1", Group, "ops", "back to its group");

        (status.State, status.Problem).ShouldBe((QuarantineState.Undoing, null));
        run.Transport.Changes.Count.ShouldBe(1);
        (await lab.StateAsync()).ShouldBe("0 INACTIVE deny; 1 INACTIVE deny; 2 INACTIVE deny; groups all,north; connected ");
        status.Steps.Where(step => step.State == QuarantineStepState.Undone).Select(step => step.Step.Number).ShouldBe([Group]);
    }

    [Fact]
    public async Task The_journal_has_who_and_why_before_the_call_and_its_end_after_it()
    {
        await using QuarantineLab lab = await HeldAsync();
        await using var run = new QuarantineRun(lab);

        await run.Runbook.UndoStepAsync("v-1", Group, "amy", "back to its group");

        QuarantineEntry[] entries = [.. (await run.EntriesAsync()).SkipWhile(entry => entry.Kind != QuarantineEntryKind.Held).Skip(1)];
        entries.Select(entry => (entry.Kind, entry.Step)).ShouldBe(
            [(QuarantineEntryKind.UndoStarted, Group), (QuarantineEntryKind.UndoBegun, Group), (QuarantineEntryKind.UndoDone, Group)]);
        (entries[0].By, entries[0].Note).ShouldBe(("amy", "back to its group"));
    }

    [Fact]
    public async Task A_step_waits_for_the_later_ones_on_its_certificate_to_be_undone()
    {
        await using QuarantineLab lab = await HeldAsync();
        await using var run = new QuarantineRun(lab);
        QuarantineStatus held = (await run.Runbook.StatusAsync("v-1"))!;
        QuarantineStep last = held.Plan.Steps.Last(step => step.Target == lab.Certificates[0] && !step.IsFinal);
        held.Steps[0].UndoAfter.ShouldBe(last.Number);
        held.Steps[last.Number - 1].UndoAfter.ShouldBeNull();

        QuarantineStatus refused = await run.Runbook.UndoStepAsync("v-1", 1, "ops", "");

        refused.State.ShouldBe(QuarantineState.Held);
        refused.Problem!.ShouldStartWith("Step 1 (UpdateCertificate certificate ");
        refused.Problem!.ShouldContain($"is not undone while step {last.Number} (DetachPolicy telemetry from certificate ");
        refused.Problem!.ShouldEndWith($"Undo step {last.Number} first, or all of them.");
        run.Transport.Changes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(3, "Step 3 (DeleteConnection of client pump-1, without its will message) is not undone: nothing: the client connects again when it may.")]
    [InlineData(13, "is not undone: final: nothing undoes it.")]
    public async Task A_step_without_an_inverse_is_refused(int step, string says)
    {
        await using QuarantineLab lab = await HeldAsync();
        await using var run = new QuarantineRun(lab);

        QuarantineStatus status = await run.Runbook.UndoStepAsync("v-1", step, "ops", "");

        status.State.ShouldBe(QuarantineState.Held);
        status.Problem!.ShouldEndWith(says);
    }

    [Fact]
    public async Task A_step_that_is_none_or_was_not_done_is_refused()
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        await using var run = new QuarantineRun(lab);
        QuarantinePlan plan = await run.PlanAsync();
        await lab.SetStatusAsync(1, "REVOKED");
        (await run.Runbook.ExecuteAsync(plan, "ops")).State.ShouldBe(QuarantineState.Running);

        (await run.Runbook.UndoStepAsync("v-1", Group, "ops", "")).Problem!.ShouldEndWith("was not done; there is nothing to undo.");
        (await Should.ThrowAsync<ArgumentException>(() => run.Runbook.UndoStepAsync("v-1", 99, "ops", ""))).Message.ShouldContain("there is no step 99");
        (await Should.ThrowAsync<ArgumentException>(() => run.Runbook.UndoStepAsync("v-2", 1, "ops", ""))).Message.ShouldContain("'v-2'");
    }

    [Fact]
    public async Task With_the_last_step_the_quarantine_is_undone()
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        string before = await lab.StateAsync();
        await using var run = new QuarantineRun(lab);
        await run.ExecuteAsync();

        QuarantineStatus status = (await run.Runbook.StatusAsync("v-1"))!;
        foreach (int step in status.Steps.Where(step => step.IsUndoable).Select(step => step.Step.Number).Reverse())
        {
            status.State.ShouldNotBe(QuarantineState.Undone);
            status = await run.Runbook.UndoStepAsync("v-1", step, "ops", "");
            status.Problem.ShouldBeNull();
        }

        status.State.ShouldBe(QuarantineState.Undone);
        (await lab.StateAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_quarantine_that_lost_a_step_is_not_resumed_and_not_revoked_but_undone()
    {
        await using QuarantineLab lab = await HeldAsync();
        await using var run = new QuarantineRun(lab);
        await run.Runbook.UndoStepAsync("v-1", Group, "ops", "");
        lab.Clock.Advance(TimeSpan.FromHours(24));

        (await run.Runbook.ResumeAsync("v-1")).Problem!.ShouldStartWith("It is being undone.");
        (await run.Runbook.RevokeAsync("v-1", "chief", "confirmed")).Problem!.ShouldStartWith("Only a quarantine that is held");
        (await run.Runbook.UndoAsync("v-1", "bo", "all of it")).State.ShouldBe(QuarantineState.Undone);

        (await run.EntriesAsync()).Count(entry => entry is { Kind: QuarantineEntryKind.UndoStarted, Step: null, By: "bo" }).ShouldBe(1);
    }

    [Fact]
    public async Task Undone_twice_it_is_called_once()
    {
        await using QuarantineLab lab = await HeldAsync();
        await using var run = new QuarantineRun(lab);
        await run.Runbook.UndoStepAsync("v-1", Group, "ops", "");

        (await run.Runbook.UndoStepAsync("v-1", Group, "ops", "")).Problem.ShouldBeNull();

        run.Transport.Changes.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_is_undone_once_a_certificate_is_revoked()
    {
        await using QuarantineLab lab = await HeldAsync();
        await using var run = new QuarantineRun(lab);
        lab.Clock.Advance(TimeSpan.FromHours(24));
        await run.Runbook.RevokeAsync("v-1", "chief", "confirmed");

        (await run.Runbook.UndoStepAsync("v-1", Group, "ops", "")).Problem!.ShouldContain("that is final");
    }

    private static async Task<QuarantineLab> HeldAsync()
    {
        QuarantineLab lab = await QuarantineLab.StartAsync();
        await using var run = new QuarantineRun(lab);
        (await run.ExecuteAsync()).State.ShouldBe(QuarantineState.Held);
        return lab;
    }
}
