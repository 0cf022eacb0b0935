namespace IotOps.Detect.Tests.Quarantine;

public sealed class QuarantinePlanTests
{
    [Fact]
    public async Task A_plan_takes_everything_from_the_thing_and_changes_nothing()
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        string before = await lab.StateAsync();
        await using var run = new QuarantineRun(lab);

        QuarantinePlan plan = await run.PlanAsync();

        run.Transport.Changes.ShouldBeEmpty();
        (await lab.StateAsync()).ShouldBe(before);
        plan.IsAllowed.ShouldBeTrue();
        plan.Groups.ShouldBe([new QuarantinedGroup("all", IsDynamic: true), new QuarantinedGroup("north", IsDynamic: false)]);
        plan.Certificates.Select(certificate => certificate.Arn).ShouldBe(lab.Certificates);
        plan.Steps.TakeWhile(step => step.Policy is null).Select(step => (step.Kind, step.Target)).ShouldBe(
        [
            (QuarantineStepKind.DeactivateCertificate, lab.Certificates[0]),
            (QuarantineStepKind.DeactivateCertificate, lab.Certificates[1]),
            (QuarantineStepKind.DeleteConnection, "pump-1"),
            (QuarantineStepKind.AddToGroup, "quarantine"),
        ]);
        plan.Steps.Where(step => step.Target == lab.Certificates[0] && step.Policy is not null).Select(step => (step.Kind, step.Policy)).ShouldBe(
        [
            (QuarantineStepKind.AttachPolicy, "deny"),
            (QuarantineStepKind.DetachPolicy, "device"),
            (QuarantineStepKind.DetachPolicy, "telemetry"),
        ]);
        plan.Steps.Where(step => step.IsFinal).Select(step => step.Target).ShouldBe(lab.Certificates);
        plan.Notes.ShouldHaveSingleItem().ShouldContain("INACTIVE already");
    }

    [Fact]
    public async Task A_plan_is_text_for_a_review_and_the_same_again_from_JSON()
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        await lab.AttachAsync(0, "pump-2");
        await using var run = new QuarantineRun(lab);

        QuarantinePlan plan = await run.PlanAsync();
        string text = plan.ToText();

        text.ShouldStartWith("Quarantine of pump-1 for violation v-1: exfiltrates\n");
        text.ShouldContain("Blast radius: 2 things lose their access: pump-1, pump-2.");
        text.ShouldContain("groups: all (dynamic), north");
        text.ShouldContain("REFUSED: ");
        text.ShouldContain("held for 1.00:00:00, then with an approval:");
        text.ShouldContain("[undo: final: nothing undoes it]");
        QuarantinePlan.Parse(plan.ToUtf8Json()).ToText().ShouldBe(text);
        QuarantinePlan.Parse(plan.ToUtf8Json()).ToUtf8Json().ShouldBe(plan.ToUtf8Json());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("null")]
    public void Text_that_is_not_a_plan_is_refused(string json) =>
        Should.Throw<FormatException>(() => QuarantinePlan.Parse(System.Text.Encoding.UTF8.GetBytes(json)));

    [Fact]
    public async Task A_shared_certificate_is_refused_and_its_things_are_named()
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        await lab.AttachAsync(0, "pump-2");
        await using var run = new QuarantineRun(lab);

        QuarantinePlan plan = await run.PlanAsync();
        QuarantineStatus status = await run.Runbook.ExecuteAsync(plan, "ops");

        plan.OtherThings.ShouldBe(["pump-2"]);
        QuarantineRefusal refusal = plan.Refusals.ShouldHaveSingleItem();
        (refusal.Kind, refusal.IsOverridden).ShouldBe((QuarantineRefusalKind.SharedCertificate, false));
        refusal.Message.ShouldContain("pump-2");
        (status.State, status.Problem!.Contains("pump-2", StringComparison.Ordinal)).ShouldBe((QuarantineState.NotStarted, true));
        run.Transport.Changes.ShouldBeEmpty();
        (await run.Runbook.StatusAsync("v-1")).ShouldBeNull();

        QuarantinePlan allowed = await run.Runbook.PlanAsync(new QuarantineRequest("v-1", "pump-1") { AllowSharedCertificates = true });
        allowed.Refusals.ShouldHaveSingleItem().IsOverridden.ShouldBeTrue();
        (await run.Runbook.ExecuteAsync(allowed, "ops")).State.ShouldBe(QuarantineState.Held);
    }

    [Fact]
    public async Task A_thing_in_a_protected_group_is_refused_unless_that_is_allowed()
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        await using var run = new QuarantineRun(lab, change: options => options with { ProtectedGroups = ["north", "gateways"] });

        QuarantineRefusal refusal = (await run.PlanAsync()).Refusals.ShouldHaveSingleItem();
        (refusal.Kind, refusal.Message).ShouldBe((QuarantineRefusalKind.ProtectedGroup, "pump-1 is in the protected group north. Take it out, or allow protected groups."));
        (await run.ExecuteAsync()).State.ShouldBe(QuarantineState.NotStarted);

        QuarantinePlan allowed = await run.Runbook.PlanAsync(new QuarantineRequest("v-1", "pump-1") { AllowProtectedGroups = true });
        allowed.IsAllowed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_thing_in_ten_groups_is_refused_and_the_groups_are_named()
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        for (int i = 0; i < 8; i++)
        {
            await lab.CallAsync("POST", ["thing-groups", $"g{i}"]);
            await lab.AddToGroupAsync($"g{i}");
        }

        await using var run = new QuarantineRun(lab);
        QuarantineRefusal refusal = (await run.Runbook.PlanAsync(new QuarantineRequest("v-1", "pump-1") { AllowProtectedGroups = true, AllowSharedCertificates = true })).Refusals.ShouldHaveSingleItem();

        (refusal.Kind, refusal.IsOverridden).ShouldBe((QuarantineRefusalKind.TooManyGroups, false));
        refusal.Message.ShouldContain("all, g0, g1, g2, g3, g4, g5, g6, g7, north");
        (await run.ExecuteAsync()).State.ShouldBe(QuarantineState.NotStarted);
    }

    [Fact]
    public async Task A_thing_without_a_certificate_is_refused_and_one_that_is_not_there_is_an_error()
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        await using var run = new QuarantineRun(lab);

        (await run.PlanAsync(thing: "pump-2")).Refusals.ShouldHaveSingleItem().Kind.ShouldBe(QuarantineRefusalKind.NoCertificate);
        (await Should.ThrowAsync<ArgumentException>(() => run.PlanAsync(thing: "none"))).Message.ShouldContain("There is no thing 'none'");
        await Should.ThrowAsync<ArgumentException>(() => run.PlanAsync(violation: "#1"));
    }

    [Theory]
    [InlineData("none", "deny", "There is no thing group none. Create it.")]
    [InlineData("all", "deny", "The thing group all is dynamic. Name a static one.")]
    [InlineData("quarantine", "none", "There is no policy none. Create it: it denies iot:* on *.")]
    public async Task A_group_or_policy_that_cannot_be_used_is_refused(string group, string policy, string message)
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        await using var run = new QuarantineRun(lab, change: options => options with { QuarantineGroup = group, DenyPolicy = policy });

        (await run.PlanAsync()).Refusals.Single(refusal => refusal.Kind == QuarantineRefusalKind.MissingResource).Message.ShouldBe(message);
    }

    [Fact]
    public async Task A_policy_of_the_quarantine_group_is_attached_to_no_certificate()
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        await lab.CallAsync("PUT", ["target-policies", "deny"], "target", "arn:aws:iot:us-east-1:123456789012:thinggroup/quarantine");
        await using var run = new QuarantineRun(lab);

        QuarantinePlan plan = await run.PlanAsync();

        plan.Steps.ShouldNotContain(step => step.Kind == QuarantineStepKind.AttachPolicy);
        plan.Notes.ShouldContain(note => note == "deny is attached to quarantine, and so to no certificate.");
    }

    [Fact]
    public async Task A_certificate_with_ten_policies_loses_them_before_it_gets_another()
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        for (int i = 0; i < 8; i++)
        {
            await lab.CallAsync("POST", ["policies", $"p{i}"], "policyDocument", """{"Statement":[]}""");
            await lab.CallAsync("PUT", ["target-policies", $"p{i}"], "target", lab.Certificates[0]);
        }

        string before = await lab.StateAsync();
        await using var run = new QuarantineRun(lab);
        (await run.ExecuteAsync()).State.ShouldBe(QuarantineState.Held);
        (await lab.StateAsync()).ShouldContain("0 INACTIVE deny;");
        (await run.Runbook.UndoAsync("v-1", "ops", "")).State.ShouldBe(QuarantineState.Undone);
        (await lab.StateAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData(10, 500, 5)]
    [InlineData(10, 50, 1)]
    [InlineData(10, 0, 1)]
    [InlineData(3, 1_000_000, 3)]
    public async Task The_limit_is_one_percent_of_the_fleet_or_less_and_at_least_one(int most, long fleet, int limit)
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        await using var run = new QuarantineRun(lab, change: options => options with { MaxPerHour = most, FleetSize = fleet });

        (await run.PlanAsync()).HourlyLimit.ShouldBe(limit);
    }

    [Fact]
    public async Task A_fleet_is_counted_no_further_than_matters()
    {
        await using QuarantineLab lab = await QuarantineLab.StartAsync();
        for (int i = 0; i < 600; i++)
        {
            lab.Emulator.Fleet.SetThing($$"""{"thingName":"t{{i:D4}}"}""");
        }

        await using var run = new QuarantineRun(lab, change: options => options with { MaxPerHour = 2, FleetSize = null });
        int requests = run.Transport.Requests;
        (await run.PlanAsync()).HourlyLimit.ShouldBe(2);
        int few = run.Transport.Requests - requests;

        await using QuarantineLab other = await QuarantineLab.StartAsync();
        await using var small = new QuarantineRun(other, change: options => options with { MaxPerHour = 2, FleetSize = null });
        (await small.PlanAsync()).HourlyLimit.ShouldBe(1);
        few.ShouldBe(small.Transport.Requests, "one page of 250 things is enough");
    }
}
