using System.Net;

namespace IotOps.Detect.Tests.Quarantine;

public sealed class QuarantineRunbookTests
{
    [Fact]
    public async Task A_quarantine_is_held_and_undone_to_the_state_before()
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        string before = await lab.StateAsync();
        await lab.ConnectAsync();
        await using var run = new QuarantineRun(lab);

        QuarantineStatus held = await run.ExecuteAsync();

        (held.State, held.Problem, held.StartedBy, held.HeldSince).ShouldBe((QuarantineState.Held, null, "ops", lab.Clock.GetUtcNow()));
        (await lab.StateAsync()).ShouldBe("0 INACTIVE deny; 1 INACTIVE deny; 2 INACTIVE deny; groups all,north,quarantine; connected ");
        run.Transport.Changes.ShouldContain(change => change == "DELETE /connections/pump-1?preventWillMessage=true");
        held.Steps.Where(step => !step.Step.IsFinal).ShouldAllBe(step => step.State == QuarantineStepState.Done);

        QuarantineStatus undone = await run.Runbook.UndoAsync("v-1", "ops", "false alarm");

        (undone.State, undone.Problem).ShouldBe((QuarantineState.Undone, null));
        (await lab.StateAsync()).ShouldBe(before);
        (await run.ExecuteAsync()).Problem.ShouldBe("It is undone. Another quarantine of the thing needs a violation id of its own.");
    }

    [Fact]
    public async Task Revoking_waits_for_the_hold_records_the_approval_and_is_final()
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        await using var run = new QuarantineRun(lab);
        await run.ExecuteAsync();

        (await run.Runbook.RevokeAsync("v-1", "chief", "confirmed")).Problem!.ShouldStartWith("It is held since");
        await Should.ThrowAsync<ArgumentException>(() => run.Runbook.RevokeAsync("v-1", " ", "confirmed"));
        lab.Clock.Advance(TimeSpan.FromHours(24));
        QuarantineStatus revoked = await run.Runbook.RevokeAsync("v-1", "chief", "confirmed");

        (revoked.State, revoked.Problem).ShouldBe((QuarantineState.Revoked, null));
        revoked.Approval.ShouldBe(new QuarantineApproval("chief", "confirmed", lab.Clock.GetUtcNow()));
        (await lab.StateAsync()).ShouldStartWith("0 REVOKED deny; 1 REVOKED deny; 2 REVOKED deny;");
        revoked.Steps.ShouldAllBe(step => !step.IsUndoable);
        (await run.Runbook.UndoAsync("v-1", "ops", "")).Problem!.ShouldContain("that is final");
        (await lab.StateAsync()).ShouldStartWith("0 REVOKED");
    }

    [Fact]
    public async Task A_quarantine_is_revoked_only_when_it_is_held()
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        await using var run = new QuarantineRun(lab);
        await run.ExecuteAsync();
        await run.Runbook.UndoAsync("v-1", "ops", "");
        lab.Clock.Advance(TimeSpan.FromDays(2));

        (await run.Runbook.RevokeAsync("v-1", "chief", "confirmed")).Problem!.ShouldStartWith("Only a quarantine that is held");
        (await Should.ThrowAsync<ArgumentException>(() => run.Runbook.RevokeAsync("v-2", "chief", "confirmed"))).Message.ShouldContain("'v-2'");
    }

    [Fact]
    public async Task A_dry_run_looks_at_everything_and_changes_nothing()
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        await using var run = new QuarantineRun(lab);
        QuarantinePlan plan = await run.PlanAsync();

        (await run.Runbook.DryRunAsync(plan)).Problem.ShouldBeNull();
        await lab.SetStatusAsync(0, "INACTIVE");
        QuarantineStatus changed = await run.Runbook.DryRunAsync(plan);

        changed.Problem!.ShouldContain("Somebody else has done it. Plan again.");
        changed.State.ShouldBe(QuarantineState.NotStarted);
        run.Transport.Changes.ShouldBeEmpty();
        (await run.Runbook.StatusAsync("v-1")).ShouldBeNull();
    }

    [Theory]
    [InlineData("status")]
    [InlineData("revoked")]
    [InlineData("certificate")]
    [InlineData("shared")]
    [InlineData("policy")]
    [InlineData("group")]
    [InlineData("deleted")]
    public async Task A_run_stops_when_somebody_else_has_changed_something(string change)
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        await using var run = new QuarantineRun(lab);
        QuarantinePlan plan = await run.PlanAsync();
        switch (change)
        {
            case "status":
                await lab.SetStatusAsync(1, "INACTIVE");
                break;
            case "revoked":
                await lab.SetStatusAsync(1, "REVOKED");
                break;
            case "certificate":
                lab.Emulator.Iot.IssueDeviceCertificate(QuarantineLab.Thing);
                break;
            case "shared":
                await lab.AttachAsync(0, "pump-2");
                break;
            case "policy":
                await lab.CallAsync("POST", ["target-policies", "telemetry"], "target", lab.Certificates[0]);
                break;
            case "group":
                await lab.CallAsync("POST", ["thing-groups", "south"]);
                await lab.AddToGroupAsync("south");
                break;
            default:
                lab.Emulator.Fleet.RemoveThing(QuarantineLab.Thing);
                break;
        }

        QuarantineStatus status = await run.Runbook.ExecuteAsync(plan, "ops");

        status.State.ShouldBe(QuarantineState.Running);
        status.Problem!.ShouldStartWith("Stopped before step ");
        (await run.Runbook.ResumeAsync("v-1")).Problem.ShouldBe(status.Problem);
    }

    [Fact]
    public async Task Undo_gives_back_what_was_taken_and_nothing_that_others_did()
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        await using var run = new QuarantineRun(lab);
        QuarantinePlan plan = await run.PlanAsync();
        await lab.CallAsync("POST", ["target-policies", "telemetry"], "target", lab.Certificates[0]);
        (await run.Runbook.ExecuteAsync(plan, "ops")).State.ShouldBe(QuarantineState.Running);

        (await run.Runbook.UndoAsync("v-1", "ops", "")).State.ShouldBe(QuarantineState.Undone);

        (await lab.StateAsync()).ShouldBe("0 ACTIVE device; 1 ACTIVE device; 2 INACTIVE device; groups all,north; connected ");
    }

    [Fact]
    public async Task Undo_stops_at_a_certificate_that_somebody_has_revoked()
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        await using var run = new QuarantineRun(lab);
        await run.ExecuteAsync();
        await lab.SetStatusAsync(0, "REVOKED");

        QuarantineStatus status = await run.Runbook.UndoAsync("v-1", "ops", "");

        status.State.ShouldBe(QuarantineState.Undoing);
        status.Problem!.ShouldContain("is REVOKED, and cannot be ACTIVE again");
        (await run.Runbook.ResumeAsync("v-1")).Problem.ShouldBe("It is being undone. Undo it to its end.");
    }

    [Fact]
    public async Task A_connection_that_cannot_be_ended_does_not_lose_the_rest_and_is_tried_again()
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        await lab.ConnectAsync();
        await using var run = new QuarantineRun(lab);
        run.Transport.Answer = request => request.Contains("/connections/", StringComparison.Ordinal) ? HttpStatusCode.InternalServerError : null;

        QuarantineStatus status = await run.ExecuteAsync();

        status.State.ShouldBe(QuarantineState.Held);
        status.Problem!.ShouldContain("DeleteConnection");
        status.Steps.Single(step => step.State == QuarantineStepState.Failed).Step.Kind.ShouldBe(QuarantineStepKind.DeleteConnection);
        (await lab.StateAsync()).ShouldBe("0 INACTIVE deny; 1 INACTIVE deny; 2 INACTIVE deny; groups all,north,quarantine; connected pump-1");

        run.Transport.Answer = _ => null;
        (await run.Runbook.ResumeAsync("v-1")).Problem.ShouldBeNull();
        (await lab.StateAsync()).ShouldEndWith("connected ");
    }

    [Theory]
    [InlineData("PUT /certificates/")]
    [InlineData("PUT /thing-groups/")]
    [InlineData("PUT /target-policies/")]
    [InlineData("POST /target-policies/")]
    [InlineData("GET /things/pump-1/principals")]
    public async Task A_step_that_fails_leaves_the_quarantine_to_be_resumed_or_undone(string refused)
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        string before = await lab.StateAsync();
        await using (var run = new QuarantineRun(lab))
        {
            QuarantinePlan plan = await run.PlanAsync();
            run.Transport.Answer = request => request.StartsWith(refused, StringComparison.Ordinal) ? HttpStatusCode.ServiceUnavailable : null;
            QuarantineStatus status = await run.Runbook.ExecuteAsync(plan, "ops");
            (status.State, status.Problem!.Contains("failed", StringComparison.Ordinal)).ShouldBe((QuarantineState.Running, true), status.Problem);
            run.Transport.Answer = _ => null;
            (await run.Runbook.ResumeAsync("v-1")).State.ShouldBe(QuarantineState.Held);
        }

        await using var undo = new QuarantineRun(lab);
        (await undo.Runbook.UndoAsync("v-1", "ops", "")).State.ShouldBe(QuarantineState.Undone);
        (await lab.StateAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task The_hourly_limit_counts_the_journal_and_ends_with_the_hour()
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        foreach (string thing in new[] { "a", "b", "c" })
        {
            lab.Emulator.Iot.IssueDeviceCertificate(thing);
        }

        await using (var first = new QuarantineRun(lab, change: options => options with { MaxPerHour = 2 }))
        {
            (await first.Runbook.ExecuteAsync(await first.PlanAsync("v-a", "a"), "ops")).State.ShouldBe(QuarantineState.Held);
            (await first.Runbook.ExecuteAsync(await first.PlanAsync("v-b", "b"), "ops")).State.ShouldBe(QuarantineState.Held);
        }

        await using var run = new QuarantineRun(lab, change: options => options with { MaxPerHour = 2 });
        QuarantineStatus refused = await run.Runbook.ExecuteAsync(await run.PlanAsync("v-c", "c"), "ops");
        (refused.State, refused.Problem).ShouldBe((QuarantineState.NotStarted, "2 quarantines have begun within an hour, as many as may. Wait, or raise the limit."));

        lab.Clock.Advance(TimeSpan.FromHours(1));
        (await run.Runbook.ExecuteAsync(await run.PlanAsync("v-c", "c"), "ops")).State.ShouldBe(QuarantineState.Held);
        (await run.Runbook.ListAsync().Select(status => status.Plan.ViolationId).ToListAsync()).ShouldBe(["v-a", "v-b", "v-c"], ignoreOrder: true);
    }

    [Fact]
    public async Task One_violation_has_one_quarantine()
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        lab.Emulator.Iot.IssueDeviceCertificate("other");
        await using var run = new QuarantineRun(lab);
        await run.ExecuteAsync();
        int changes = run.Transport.Changes.Count;

        (await run.ExecuteAsync()).State.ShouldBe(QuarantineState.Held);
        (await run.Runbook.ExecuteAsync(await run.PlanAsync(thing: "other"), "ops")).Problem!.ShouldContain("has a quarantine of pump-1 already");

        run.Transport.Changes.Count.ShouldBe(changes);
    }

    [Fact]
    public async Task Of_two_runs_of_one_quarantine_one_ends()
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        await using FileQuarantineJournal journal = lab.OpenJournal();
        using var transport = new KilledTransport();
        using Aws.AwsClient iot = lab.Client(Aws.AwsService.Iot, transport);
        var options = new QuarantineRunbookOptions { Iot = iot, Journal = journal, QuarantineGroup = "quarantine", TimeProvider = lab.Clock };
        QuarantinePlan plan = await new QuarantineRunbook(options).PlanAsync(new QuarantineRequest("v-1", "pump-1"));

        QuarantineStatus[] both = await Task.WhenAll(new QuarantineRunbook(options).ExecuteAsync(plan, "a"), new QuarantineRunbook(options).ExecuteAsync(plan, "b"));

        both.Count(status => status.Problem is null).ShouldBe(1);
        both.Single(status => status.Problem is not null).Problem!.ShouldContain("Another run is at work");
        transport.Changes.ShouldBe(transport.Changes.Distinct(StringComparer.Ordinal));
        (await lab.StateAsync()).ShouldStartWith("0 INACTIVE ; 1 INACTIVE ; 2 INACTIVE ;");
    }

    [Fact]
    public async Task Options_that_cannot_be_are_refused()
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        Func<QuarantineRunbookOptions, QuarantineRunbookOptions>[] wrong =
        [
            options => options with { QuarantineGroup = "" },
            options => options with { MaxPerHour = 0 },
            options => options with { FleetSize = -1 },
            options => options with { HoldTime = TimeSpan.FromSeconds(-1) },
            options => options with { ProtectedGroups = ["quarantine"] },
        ];
        using var transport = new KilledTransport();
        using Aws.AwsClient iot = lab.Client(Aws.AwsService.Iot, transport);
        await using FileQuarantineJournal journal = lab.OpenJournal();
        await Should.ThrowAsync<InvalidOperationException>(() => new QuarantineRunbook(new QuarantineRunbookOptions { Iot = iot, Journal = journal }).PlanAsync(new QuarantineRequest("v-1", "pump-1")));
        var good = new QuarantineRunbookOptions { Iot = iot, Journal = journal, QuarantineGroup = "quarantine" };
        foreach (Func<QuarantineRunbookOptions, QuarantineRunbookOptions> change in wrong)
        {
            Should.Throw<ArgumentException>(() => new QuarantineRunbook(change(good)));
        }
    }
}
