using System.Net;
using IotOps.FleetConsole.Tests.Lab;
using IotOps.Samples.FleetConsole.Acts;
using IotOps.Samples.FleetConsole.Store;
using IotOps.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace IotOps.FleetConsole.Tests.Web;

/// <summary>A quarantine from the plan to its undoing, over forms as a browser without script sends them.</summary>
public sealed class QuarantineActTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new(FleetStory.Now);
    private readonly GatedTransport _transport = new();
    private AccountLab _account = null!;
    private ConsoleLab _console = null!;
    private Visitor _visitor = null!;

    public async ValueTask InitializeAsync()
    {
        _account = await AccountLab.StartAsync(_clock, _transport);
        _console = await ConsoleLab.StartAsync(configure: _account.Add, clock: _clock);
        _visitor = _console.Visit();
    }

    public async ValueTask DisposeAsync()
    {
        _transport.Open();
        _visitor.Dispose();
        await _console.DisposeAsync();
        await _account.DisposeAsync();
    }

    [Fact]
    public async Task A_plan_and_its_dry_run_change_nothing_and_show_who_is_hit()
    {
        string page = await _visitor.ReadAsync(await PlanAsync());

        page.ShouldContain("No other thing loses access. Nothing is changed yet.");
        page.ShouldContain("Would succeed");
        page.ShouldContain($"Blast radius of quarantining {FleetStory.Suspect}");
        (await _account.StatusAsync()).ShouldBe("ACTIVE");
    }

    [Fact]
    public async Task Executed_it_is_held_and_undone_it_is_as_before_and_each_act_has_its_audit_rows()
    {
        string path = await PlanAsync();
        await SendAsync(path, "execute", "exfiltrates");
        await EndAsync(path, "Held since");
        (await _account.StatusAsync()).ShouldBe("INACTIVE");

        await SendAsync(path, "undo", "false alarm");
        string page = await EndAsync(path, "Undone: everything is as it was");
        (await _account.StatusAsync()).ShouldBe("ACTIVE");
        page.ShouldContain("UndoDone");

        string[] rows = [.. (await _console.Store.ReadAuditAsync()).Reverse().Select(row => $"{row.Who} {row.Role} {row.Act} {row.Target} {row.Outcome}")];
        rows.ShouldBe(
        [
            $"local responder quarantine.plan {FleetStory.Suspect} granted",
            $"local responder quarantine.execute {FleetStory.Suspect} begun",
            $"local responder quarantine.execute {FleetStory.Suspect} done",
            $"local responder quarantine.undo {FleetStory.Suspect} begun",
            $"local responder quarantine.undo {FleetStory.Suspect} done",
        ]);
    }

    [Fact]
    public async Task One_step_is_undone_after_its_name_was_typed_and_the_others_stay()
    {
        string path = await PlanAsync();
        await SendAsync(path, "execute", "exfiltrates");
        string held = await EndAsync(path, "Held since");
        held.ShouldContain($"{path}?step=3#undo");
        held.ShouldContain("after that of step 5");
        string step = await _visitor.ReadAsync($"{path}?step=3");
        step.ShouldContain($"{path}/undo-step/3");
        step.ShouldContain("RemoveThingFromThingGroup");

        await SendAsync(path, "undo-step/3", "keeps its group");
        string page = await EndAsync(path, "1 of 4 steps is undone.");

        (await _account.StatusAsync()).ShouldBe("INACTIVE");
        page.ShouldContain("keeps its group");
        page.ShouldContain("Undo all steps");
        AuditRow[] rows = [.. (await _console.Store.ReadAuditAsync()).Where(row => row.Act == "quarantine.undo-step").Reverse()];
        rows.Select(row => row.Outcome).ShouldBe(["begun", "done"]);
        rows[0].Detail!.ShouldEndWith(": step 3: keeps its group");
    }

    [Fact]
    public async Task A_step_that_another_came_after_is_not_offered_and_is_refused_with_the_reason()
    {
        string path = await PlanAsync();
        await SendAsync(path, "execute", "exfiltrates");
        await EndAsync(path, "Held since");
        (await _visitor.ReadAsync($"{path}?step=1")).ShouldNotContain("undo-step/1");

        await SendAsync(path, "undo-step/1", "too early");

        string page = await EndAsync(path, "is not undone while step 5");
        page.ShouldContain("Held since");
        (await _account.StatusAsync()).ShouldBe("INACTIVE");
        (await _console.Store.ReadAuditAsync())[0].Outcome.ShouldBe("stopped");
    }

    [Theory]
    [InlineData("undo-step/3", HttpStatusCode.BadRequest)]
    [InlineData("undo-step/99", HttpStatusCode.NotFound)]
    [InlineData("undo-step/x", HttpStatusCode.NotFound)]
    public async Task A_step_is_not_undone_without_the_name_and_one_that_is_none_is_not_found(string act, HttpStatusCode code)
    {
        string path = await PlanAsync();
        await SendAsync(path, "execute", "exfiltrates");
        await EndAsync(path, "Held since");

        using HttpResponseMessage answer = await _visitor.PostAsync($"{path}/{act}", path, ("confirm", "THING00018"), ("reason", "x"));

        answer.StatusCode.ShouldBe(code);
        (await _visitor.ReadAsync(path)).ShouldContain("Held since");
    }

    [Theory]
    [InlineData("THING00018", "a reason", "is not")]
    [InlineData(FleetStory.Suspect, "", "A reason is needed")]
    [InlineData(FleetStory.Suspect, "two\nlines", "A reason is needed")]
    public async Task Without_the_name_or_a_reason_nothing_is_done(string name, string reason, string says)
    {
        string path = await PlanAsync();

        using HttpResponseMessage answer = await _visitor.PostAsync($"{path}/execute", path, ("confirm", name), ("reason", reason));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(says);
        (await _account.StatusAsync()).ShouldBe("ACTIVE");
    }

    [Fact]
    public async Task A_run_shows_how_far_it_is_and_stops_between_calls_and_is_resumed()
    {
        string path = await PlanAsync();
        _transport.Close();
        await SendAsync(path, "execute", "exfiltrates");
        await _transport.Waits.Task;

        string running = await _visitor.ReadAsync(path);
        running.ShouldContain("local runs it now: 0 of");
        running.ShouldContain("<progress");
        running.ShouldContain("data-live");
        using (HttpResponseMessage again = await _visitor.PostAsync($"{path}/execute", path, ("confirm", FleetStory.Suspect), ("reason", "twice")))
        {
            again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        }

        (await _visitor.PostAsync($"{path}/cancel", path)).Dispose();
        string stopped = await EndAsync(path, "Stopped after 0 of");
        stopped.ShouldContain("It was cancelled between two calls.");
        (await _visitor.ReadAsync("/")).ShouldContain("1 to resume");

        _transport.Open();
        (await _visitor.PostAsync($"{path}/resume", path)).Dispose();
        await EndAsync(path, "Held since");
        (await _account.StatusAsync()).ShouldBe("INACTIVE");
    }

    [Fact]
    public async Task A_plan_is_kept_for_half_an_hour()
    {
        string path = await PlanAsync();
        string form = Visitor.TokenOf(await _visitor.ReadAsync(path));
        _clock.Advance(TimeSpan.FromMinutes(31));

        using HttpResponseMessage answer = await _visitor.PostBareAsync($"{path}/execute", ("confirm", FleetStory.Suspect), ("reason", "late"), ("csrf", form));

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _account.StatusAsync()).ShouldBe("ACTIVE");
    }

    [Fact]
    public async Task A_thing_that_does_not_exist_gets_a_clear_answer()
    {
        using HttpResponseMessage answer = await _visitor.PostAsync("/quarantine/plan", "/quarantine", ("thing", "nobody"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("nobody");
    }

    private async Task<string> PlanAsync()
    {
        using HttpResponseMessage planned = await _visitor.PostAsync("/quarantine/plan", $"/device?name={FleetStory.Suspect}", ("thing", FleetStory.Suspect));
        planned.StatusCode.ShouldBe(HttpStatusCode.SeeOther, await planned.Content.ReadAsStringAsync());
        return planned.Headers.Location!.ToString();
    }

    private async Task SendAsync(string path, string act, string reason)
    {
        using HttpResponseMessage answer = await _visitor.PostAsync($"{path}/{act}", path, ("confirm", FleetStory.Suspect), ("reason", reason));
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther, await answer.Content.ReadAsStringAsync());
    }

    // The run is another task.
    private async Task<string> EndAsync(string path, string text)
    {
        await _console.App.Services.GetRequiredService<QuarantineDesk>().FindAct(path.Split('/')[^1])!.End;
        string page = await _visitor.ReadAsync(path);
        page.ShouldContain(text);
        return page;
    }
}
