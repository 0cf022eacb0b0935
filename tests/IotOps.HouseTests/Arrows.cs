using System.Xml.Linq;

namespace IotOps.HouseTests;

/// <summary>Which project may reference which. A new arrow is a decision: it is made here, and said in ARCHITECTURE.md.</summary>
public sealed class Arrows
{
    private static readonly Dictionary<string, string[]> ProjectsAllowed = new(StringComparer.Ordinal)
    {
        ["IotOps.Archive"] = ["IotOps.Aws"],
        ["IotOps.Aws"] = [],
        ["IotOps.Defender"] = ["IotOps.Mqtt"],
        ["IotOps.Detect"] = ["IotOps.Archive", "IotOps.Defender", "IotOps.Fleet"],
        ["IotOps.Emulator"] = [],
        ["IotOps.Emulator.Xunit"] = ["IotOps.Emulator"],
        ["IotOps.Fleet"] = ["IotOps.Aws"],
        ["IotOps.Hosting"] = [],
        ["IotOps.Logs"] = ["IotOps.Aws"],
        ["IotOps.Mqtt"] = [],
        ["IotOps.Mqtt.MQTTnet"] = ["IotOps.Mqtt"],
        ["IotOps.Shadow"] = ["IotOps.Mqtt"],
        ["IotOps.Slack"] = [],
        ["IotOps.SlackExport"] = ["IotOps.Archive", "IotOps.Slack"],
    };

    private static readonly Dictionary<string, string[]> PackagesAllowed = new(StringComparer.Ordinal)
    {
        ["IotOps.Archive"] =
            ["AWSSDK.S3", "Microsoft.Extensions.Hosting.Abstractions", "Snappier", "ZstdSharp.Port"],
        ["IotOps.Aws"] = ["AWSSDK.Core", "Microsoft.Extensions.Logging.Abstractions"],
        ["IotOps.Defender"] = ["Microsoft.Extensions.Hosting.Abstractions", "System.IO.Abstractions"],
        ["IotOps.Detect"] = ["AWSSDK.DynamoDBv2", "AWSSDK.SQS", "Microsoft.Data.Sqlite", "Microsoft.Extensions.Hosting.Abstractions", "System.IO.Abstractions"],
        ["IotOps.Emulator"] = [],
        ["IotOps.Emulator.Xunit"] = ["xunit.v3.extensibility.core"],
        ["IotOps.Fleet"] = ["AWSSDK.S3", "Microsoft.Extensions.Hosting.Abstractions", "System.Threading.RateLimiting"],
        ["IotOps.Hosting"] = ["Microsoft.Extensions.Diagnostics.HealthChecks"],
        ["IotOps.Logs"] = ["Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Logging", "System.IO.Abstractions"],
        ["IotOps.Mqtt"] = ["Microsoft.Extensions.Hosting.Abstractions", "System.IO.Abstractions"],
        ["IotOps.Mqtt.MQTTnet"] = ["MQTTnet"],
        ["IotOps.Shadow"] = ["Microsoft.Extensions.Hosting.Abstractions", "System.IO.Abstractions"],
        ["IotOps.Slack"] = [],
        ["IotOps.SlackExport"] = [],
    };

    public static TheoryData<string> Shipped => [.. Repository.ShippedProjects.Select(path => Path.GetFileNameWithoutExtension(path))];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void A_package_references_only_the_packages_of_ours_below_it(string project) =>
        References(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))
            .ShouldBe(Allowed(ProjectsAllowed, project), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Shipped))]
    public void A_package_depends_only_on_the_libraries_decided_for_it(string project) =>
        References(project, "PackageReference").ShouldBe(Allowed(PackagesAllowed, project), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Every_package_has_a_readme_that_says_how_to_begin(string project)
    {
        string readme = Repository.Read("src", project, "README.md");
        readme.ShouldStartWith($"# {project}\n");
        readme.ShouldContain("```csharp");
    }

    private static string[] Allowed(Dictionary<string, string[]> table, string project) =>
        table.TryGetValue(project, out string[]? allowed)
            ? allowed
            : throw new InvalidOperationException($"{project} is new: decide what it may reference, in {nameof(Arrows)}.cs and ARCHITECTURE.md.");

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(Repository.Path("src", project, project + ".csproj"))
            .Descendants(kind)
            .Select(element => element.Attribute("Include")!.Value);
}
