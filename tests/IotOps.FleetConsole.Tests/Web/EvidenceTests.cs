using System.Net;
using System.Text.RegularExpressions;
using IotOps.Detect;
using IotOps.FleetConsole.Tests.Lab;
using IotOps.Samples.FleetConsole.Evidence;
using IotOps.Samples.FleetConsole.SignIn;
using IotOps.Samples.FleetConsole.Store;
using IotOps.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace IotOps.FleetConsole.Tests.Web;

/// <summary>An evidence bundle from the button on a device's page to the file.</summary>
public sealed partial class EvidenceTests
{
    private static readonly string Device = $"/device?name={FleetStory.Suspect}";

    [Fact]
    public async Task A_bundle_of_a_device_is_collected_downloaded_and_proves_itself()
    {
        await using ConsoleLab lab = await ConsoleLab.StartAsync();
        using Visitor visitor = lab.Visit();
        string path = await BeginAsync(visitor);

        string page = await EndAsync(lab, visitor, path);
        page.ShouldContain("Download the zip");
        using HttpResponseMessage answer = await visitor.GetAsync($"{path}/bundle.zip");

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/zip");
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        await using Stream zip = await answer.Content.ReadAsStreamAsync();
        var bytes = new MemoryStream();
        await zip.CopyToAsync(bytes);
        string[] hashes = [.. Hash().Matches(page).Select(match => match.Value)];
        EvidenceVerdict verdict = await EvidenceBundle.VerifyAsync(bytes, new EvidenceSeal(hashes[1], hashes[0], bytes.Length));
        verdict.Problems.ShouldBeEmpty();
        verdict.Manifest!.Incident.ShouldBe("INC-7");
        verdict.Manifest.Files.Where(file => file.Length > 0).Select(file => file.Name).ShouldBe(
        [
            "logs/log-lines.jsonl", "trail/records.jsonl", "trail-verdicts/hours.jsonl", "lifecycle/connections.jsonl", "reports/last-report.jsonl", "other/shadows.jsonl", "other/findings.jsonl", "other/thing.json",
        ]);
        (await RowsAsync(lab)).ShouldBe([("evidence.collect", "begun"), ("evidence.collect", "done"), ("evidence.download", "granted")]);
    }

    [Fact]
    public async Task It_holds_the_device_s_own_lines_and_the_journal_of_its_quarantine()
    {
        var clock = new ManualTimeProvider(FleetStory.Now);
        await using AccountLab account = await AccountLab.StartAsync(clock);
        await using ConsoleLab lab = await ConsoleLab.StartAsync(configure: account.Add, clock: clock);
        await account.Tools.Runbook.ExecuteAsync(await account.Tools.Runbook.PlanAsync(new QuarantineRequest("v-1", FleetStory.Suspect)), "ops");
        using Visitor visitor = lab.Visit();
        string path = await BeginAsync(visitor);
        (await EndAsync(lab, visitor, path)).ShouldContain("Download the zip");

        using HttpResponseMessage answer = await visitor.GetAsync($"{path}/bundle.zip");
        using var zip = new System.IO.Compression.ZipArchive(await answer.Content.ReadAsStreamAsync());

        string[] lines = (await TextAsync(zip, "logs/log-lines.jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBeGreaterThan(10);
        lines.ShouldAllBe(line => line.Contains($"\"clientId\":\"{FleetStory.Suspect}\""));
        (await TextAsync(zip, "trail/records.jsonl")).ShouldContain("CreatePolicyVersion");
        (await TextAsync(zip, "lifecycle/connections.jsonl")).ShouldContain("198.51.100.23");
        zip.Entries.Select(entry => entry.FullName).Count(name => name.EndsWith("journal.jsonl", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task While_it_is_made_the_page_says_how_far_it_is_and_cancelled_nothing_stays()
    {
        GatedStore gate = null!;
        await using ConsoleLab lab = await ConsoleLab.StartAsync(
            (settings, directory) => settings with { EvidenceDirectory = directory["evidence"] },
            configure: services => services.AddSingleton(provider =>
            {
                (IConsoleStore store, gate) = GatedStore.Of((IConsoleStore)provider.GetRequiredService<IConsoleAudit>());
                return store;
            }));
        using Visitor visitor = lab.Visit();
        string path = await BeginAsync(visitor);
        await gate.Waits.Task;

        string running = await visitor.ReadAsync(path);
        running.ShouldContain("local collects it: 1 of 9 parts");
        running.ShouldContain("data-live=\"1000\"");
        (await visitor.GetAsync($"{path}/bundle.zip")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await visitor.PostAsync($"{path}/cancel", path)).Dispose();

        (await EndAsync(lab, visitor, path)).ShouldContain("It was cancelled. Nothing of it is kept.");
        Directory.EnumerateFiles(lab.Directory["evidence"]).ShouldBeEmpty();
        (await RowsAsync(lab)).ShouldBe([("evidence.collect", "begun"), ("evidence.cancel", "granted"), ("evidence.collect", "cancelled")]);
    }

    [Fact]
    public async Task A_third_bundle_waits_for_one_of_two()
    {
        GatedStore gate = null!;
        await using ConsoleLab lab = await ConsoleLab.StartAsync(configure: services => services.AddSingleton(provider =>
        {
            (IConsoleStore store, gate) = GatedStore.Of((IConsoleStore)provider.GetRequiredService<IConsoleAudit>());
            return store;
        }));
        using Visitor visitor = lab.Visit();
        await BeginAsync(visitor);
        await BeginAsync(visitor);

        using HttpResponseMessage third = await SendAsync(visitor, "INC-7");

        third.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        gate.Open();
    }

    [Fact]
    public async Task It_is_kept_for_a_day()
    {
        await using ConsoleLab lab = await ConsoleLab.StartAsync();
        using Visitor visitor = lab.Visit();
        string path = await BeginAsync(visitor);
        (await EndAsync(lab, visitor, path)).ShouldContain("Download the zip");

        lab.Clock.Advance(TimeSpan.FromHours(24));

        await visitor.ReadAsync(path, HttpStatusCode.NotFound);
        await visitor.ReadAsync($"{path}/bundle.zip", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    public async Task Without_a_name_of_the_incident_nothing_is_collected(string incident)
    {
        await using ConsoleLab lab = await ConsoleLab.StartAsync();
        using Visitor visitor = lab.Visit();

        using HttpResponseMessage answer = await SendAsync(visitor, incident);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await lab.Store.ReadAuditAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_viewer_sees_no_button_and_is_refused_at_every_address()
    {
        string token = "";
        await using ConsoleLab lab = await ConsoleLab.StartAsync((settings, directory) =>
        {
            (token, TokenRecord record) = TokenRecord.Make("amy", "viewer", null, iterations: 1_000);
            new TokenFile(directory["tokens.json"]).Add(record);
            return settings with { SignIn = new SignInSettings { TokenFile = directory["tokens.json"] } };
        });
        using Visitor visitor = lab.Visit();
        (await visitor.PostAsync("/sign-in", "/sign-in", ("token", token), ("to", "/"))).Dispose();
        (await visitor.ReadAsync(Device)).ShouldNotContain("Collect evidence");

        using HttpResponseMessage answer = await SendAsync(visitor, "INC-7");

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await visitor.ReadAsync("/evidence/e-1", HttpStatusCode.Forbidden);
        await visitor.ReadAsync("/evidence/e-1/bundle.zip", HttpStatusCode.Forbidden);
        (await lab.Store.ReadAuditAsync()).Count(row => row.Outcome == "refused").ShouldBe(3);
    }

    private static Task<HttpResponseMessage> SendAsync(Visitor visitor, string incident) => visitor.PostAsync(
        "/evidence", Device, ("thing", FleetStory.Suspect), ("incident", incident), ("from", "2026-11-24T00:00Z"), ("to", "2026-11-24T15:03Z"));

    private static async Task<string> BeginAsync(Visitor visitor)
    {
        using HttpResponseMessage answer = await SendAsync(visitor, "INC-7");
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.ToString();
    }

    // The bundle is made by another task.
    private static async Task<string> EndAsync(ConsoleLab lab, Visitor visitor, string path)
    {
        await lab.App.Services.GetRequiredService<EvidenceDesk>().Find(path.Split('/')[^1])!.End;
        return await visitor.ReadAsync(path);
    }

    private static async Task<(string, string)[]> RowsAsync(ConsoleLab lab) => [.. (await lab.Store.ReadAuditAsync()).Reverse().Select(row => (row.Act, row.Outcome))];

    private static async Task<string> TextAsync(System.IO.Compression.ZipArchive zip, string name)
    {
        using var reader = new StreamReader(await zip.GetEntry(name)!.OpenAsync());
        return await reader.ReadToEndAsync();
    }

    [GeneratedRegex("[0-9a-f]{64}", RegexOptions.None, 1_000)]
    private static partial Regex Hash();
}
