using System.Text;
using System.Text.Json.Nodes;
using IotOps.Fleet;
using IotOps.FleetConsole.Tests.Lab;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.FleetConsole.Tests.Web;

/// <summary>Devices and whoever breaks into one choose names, messages and documents. On a page all of it is text.</summary>
public sealed class EscapingTests
{
    private const string Hostile = "<>\"'&`=/\\;{}()@%#!-$é中‮";
    private static readonly string[] Classics =
    [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "</title><script>", "--><svg/onload=alert(1)>", "javascript:alert(1)", "&lt;b&gt;", "</pre></details></main>",
        "<!--", "]]>", "{{7*7}}", "@Model", "%3Cscript%3E", "</textarea><b>",
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 6)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task The_tags_and_attributes_of_a_page_do_not_depend_on_what_a_device_wrote(int seed)
    {
        string evil = Text(new Random(seed));
        string plain = string.Concat(evil.EnumerateRunes().Select(rune => Rune.IsLetterOrDigit(rune) && rune.IsAscii ? rune.ToString() : "x"));

        IReadOnlyList<string> hostile = await SkeletonsAsync(evil), harmless = await SkeletonsAsync(plain);

        hostile.Count.ShouldBe(harmless.Count);
        for (int i = 0; i < hostile.Count; i++)
        {
            Difference(hostile[i], harmless[i]).ShouldBeEmpty($"page {i} with {evil}");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_query_that_cannot_be_is_text_too(int seed)
    {
        await using ConsoleLab lab = await ConsoleLab.StartAsync(isFilled: false);
        using Visitor visitor = lab.Visit();

        string page = Skeleton.Of(await visitor.ReadAsync("/query?q=" + Uri.EscapeDataString(Text(new Random(seed)) + "(")));

        Difference(page, Skeleton.Of(await visitor.ReadAsync("/query?q=a("))).ShouldBeEmpty();
    }

    private static string Difference(string one, string other) =>
        string.Join('\n', one.Split('\n').Zip(other.Split('\n')).Where(pair => pair.First != pair.Second).Take(3).Select(pair => $"'{pair.First}' instead of '{pair.Second}'"))
        + (one.Length == other.Length ? "" : $" {one.Split('\n').Length} tags, not {other.Split('\n').Length}");

    private static async Task<IReadOnlyList<string>> SkeletonsAsync(string text)
    {
        await using ConsoleLab lab = await ConsoleLab.StartAsync(isFilled: false);
        (await lab.Store.AppendAsync(new ConsoleBatch { Things = [new ThingFacts(text, ["site " + text], new JsonObject { ["thingName"] = text, ["thingTypeName"] = text, ["attributes"] = new JsonObject { ["site"] = text } }.ToJsonString())] })).Refused.ShouldBeEmpty();
        (await lab.Store.AppendAsync(Batch(text))).Refused.ShouldBeEmpty();
        using Visitor visitor = lab.Visit();
        string name = Uri.EscapeDataString(text);
        List<string> skeletons = [];
        foreach (string path in new[]
        {
            "/?range=24h", "/template/1?range=24h", $"/template/1?range=24h&client={name}&rule={name}&segment={name}", "/connectivity", "/findings", "/activity", "/devices", $"/devices?name={name}",
            $"/device?name={name}", "/quarantine",
        })
        {
            skeletons.Add(Skeleton.Of(await visitor.ReadAsync(path)));
        }

        return skeletons;
    }

    private static ConsoleBatch Batch(string text)
    {
        DateTimeOffset at = FleetStory.Now.AddMinutes(-10);
        byte[] line = Encoding.UTF8.GetBytes(new JsonObject { ["timestamp"] = "2026-11-24 14:52:30.000", ["logLevel"] = "ERROR", ["eventType"] = text, ["clientId"] = text, ["principalId"] = text, ["sourceIp"] = text, ["ruleName"] = text, ["reason"] = text, ["details"] = text }.ToJsonString());
        return new ConsoleBatch
        {
            Errors = [new LogError(new IotLogReader().Read(line, at), line)],
            Lifecycle = [new LifecycleEvent(LifecycleEventKind.Disconnected, text, at) { DisconnectReason = text, IPAddress = text, Principal = text, Session = text, Version = 1 }],
            Trail = [new TrailRow("e-1", at, "iot.amazonaws.com", text) { Actor = text, Address = text, Resource = text, Error = text, IsWrite = true, Json = new JsonObject { [text] = text }.ToJsonString() }],
            Digests = [new DigestHour(new DateTimeOffset(2026, 11, 24, 14, 0, 0, TimeSpan.Zero), DigestVerdict.Invalid, text, at)],
            Findings =
            [
                new ConsoleFinding("f-1", FindingSource.Audit, FindingSeverity.High, text, text, text, at, at) { Thing = text },
                new ConsoleFinding("f-2", FindingSource.Connectivity, FindingSeverity.High, text, text, text, at, at) { Members = [text], Count = 2, Expected = 1, Probability = 0.1 },
            ],
            Documents =
            [
                new DeviceDocument(text, DeviceDocument.Shadow, at, new JsonObject { ["state"] = new JsonObject { ["desired"] = new JsonObject { [text] = text }, ["delta"] = new JsonObject { [text] = text } } }.ToJsonString()),
                new DeviceDocument(text, DeviceDocument.Shadow + "/" + text, at, new JsonObject { [text] = text }.ToJsonString()),
                new DeviceDocument(text, DeviceDocument.Report, at, new JsonObject { ["metrics"] = new JsonObject { [text] = text } }.ToJsonString()),
            ],
        };
    }

    private static string Text(Random random) =>
        "THING" + Classics[random.Next(Classics.Length)].Replace(' ', '/') + string.Concat(Enumerable.Range(0, 20).Select(_ => Hostile[random.Next(Hostile.Length)])) + Classics[random.Next(Classics.Length)].Replace(' ', '/');
}
