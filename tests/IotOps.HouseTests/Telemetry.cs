using System.Text.Json;
using System.Text.RegularExpressions;

namespace IotOps.HouseTests;

/// <summary>
/// docs/telemetry.md and the dashboard in docs/ against the code: every meter, instrument and span of the packages, with units.
/// <c>UPDATE_DOCS=1 ./test.sh build unit</c> writes the metrics.
/// </summary>
public sealed partial class Telemetry
{
    private const string Page = "telemetry.md";
    private const string Heading = "## Metrics\n";

    // The emulator is for tests, and the checks ask the others.
    private static readonly string[] Without = ["IotOps.Emulator", "IotOps.Emulator.Xunit", "IotOps.Hosting"];

    private static readonly List<Instrument> Instruments = [.. Sources().SelectMany(source => InstrumentsOf(source.Project, source.Text))];

    public static TheoryData<string> Traced => [.. Arrows.Shipped.Select(project => project.Data).Except(Without, StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Traced))]
    public void A_package_has_a_meter_and_an_activity_source_of_its_name(string project)
    {
        Instruments.ShouldContain(instrument => instrument.Meter == project);
        string code = string.Concat(Sources().Where(source => source.Project == project).Select(source => source.Text));
        code.ShouldContain($"\"{project}\"");
        code.ShouldContain("ActivitySource Source");
    }

    [Fact]
    public void The_page_lists_every_metric_with_its_unit()
    {
        string page = Repository.Read("docs", Page);
        string hand = page[..(page.IndexOf(Heading, StringComparison.Ordinal) + Heading.Length)];
        string actual = hand + string.Concat(Instruments.GroupBy(instrument => instrument.Meter, StringComparer.Ordinal).OrderBy(meter => meter.Key, StringComparer.Ordinal).Select(Table));
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            File.WriteAllText(Repository.Path("docs", Page), actual);
            page = actual;
        }

        page.ShouldBe(actual, "UPDATE_DOCS=1 writes docs/telemetry.md.");
    }

    [Fact]
    public void The_page_lists_every_span() =>
        Span().Matches(Repository.Read("docs", Page)).Select(row => $"{row.Groups["project"].Value}: {row.Groups["name"].Value}")
            .ShouldBe(Sources().SelectMany(source => Started().Matches(source.Text).Select(start => $"{source.Project}: {start.Groups["name"].Value}")).Distinct(StringComparer.Ordinal), ignoreOrder: true);

    [Fact]
    public void The_dashboard_asks_for_metrics_that_there_are()
    {
        HashSet<string> known = [.. Instruments.SelectMany(Prometheus)];
        string[] asked = [.. Expressions(JsonDocument.Parse(Repository.Read("docs", "grafana-dashboard.json")).RootElement)
            .SelectMany(expression => Metric().Matches(expression).Select(match => match.Value))];

        asked.Length.ShouldBeGreaterThan(20);
        asked.Except(known, StringComparer.Ordinal).ShouldBeEmpty();
        Instruments.Select(instrument => instrument.Meter).Distinct(StringComparer.Ordinal)
            .Where(meter => !Instruments.Where(instrument => instrument.Meter == meter).SelectMany(Prometheus).Intersect(asked, StringComparer.Ordinal).Any())
            .ShouldBeEmpty("The dashboard shows nothing of these.");
    }

    // As OpenTelemetry's exporters name them for Prometheus: unit and kind as suffixes.
    private static IEnumerable<string> Prometheus(Instrument instrument)
    {
        string name = instrument.Name.Replace('.', '_');
        string unit = instrument.Unit switch { "s" => "_seconds", "By" when !name.EndsWith("_bytes", StringComparison.Ordinal) => "_bytes", _ => "" };
        return instrument.Kind switch
        {
            "counter" => [$"{name}{unit}_total"],
            "histogram" => [$"{name}{unit}_bucket", $"{name}{unit}_count", $"{name}{unit}_sum"],
            _ => [$"{name}{unit}"],
        };
    }

    private static string Table(IGrouping<string, Instrument> meter) =>
        $"\n### {meter.Key}\n| metric | kind | unit | what |\n|---|---|---|---|\n"
        + string.Concat(meter.OrderBy(instrument => instrument.Name, StringComparer.Ordinal).Select(instrument => $"| `{instrument.Name}` | {instrument.Kind} | `{instrument.Unit}` | {instrument.What} |\n"));

    private static IEnumerable<string> Expressions(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => member.NameEquals("expr") ? [member.Value.GetString()!] : Expressions(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Expressions),
        _ => [],
    };

    private static IEnumerable<Instrument> InstrumentsOf(string project, string text) => Created().Matches(text).Select(match => new Instrument(
        project, match.Groups["name"].Value, KindOf(match.Groups["method"].Value), match.Groups["unit"].Value, match.Groups["what"].Value));

    private static string KindOf(string method) => method switch
    {
        _ when method.Contains("UpDown", StringComparison.Ordinal) => "up-down counter",
        _ when method.Contains("Gauge", StringComparison.Ordinal) => "gauge",
        _ when method.Contains("Histogram", StringComparison.Ordinal) => "histogram",
        _ => "counter",
    };

    private static IEnumerable<(string Project, string Text)> Sources() => Arrows.Shipped.Select(project => project.Data).Except(Without, StringComparer.Ordinal)
        .SelectMany(project => Directory.EnumerateFiles(Repository.Path("src", project), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => (project, File.ReadAllText(path))));

    [GeneratedRegex("""(?<method>\w+(<\w+>)?)\("(?<name>iotops\.[a-z0-9_.]+)",.*?"(?<unit>\{[a-z]+\}|By|s)", "(?<what>[^"]+)"\)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Created();

    [GeneratedRegex("""Start(Activity|Detached)\("(?<name>[a-z ]+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Started();

    [GeneratedRegex(@"^\| `(?<name>[a-z ]+)` \| (?<project>IotOps\.[\w.]+) \|", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Span();

    [GeneratedRegex("iotops_[a-z0-9_]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Metric();

    private sealed record Instrument(string Meter, string Name, string Kind, string Unit, string What);
}
