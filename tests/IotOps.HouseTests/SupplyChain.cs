using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace IotOps.HouseTests;

/// <summary>What is built and tested with comes from where it should, in the version that was looked at.</summary>
public sealed partial class SupplyChain
{
    [Fact]
    public void Every_package_comes_from_one_source()
    {
        XElement source = XDocument.Parse(Repository.Read("nuget.config")).Descendants("packageSource").ShouldHaveSingleItem();

        source.Attribute("key")!.Value.ShouldBe("nuget.org");
        source.Elements("package").Select(static p => p.Attribute("pattern")!.Value).ShouldBe(["*"]);
    }

    [Fact]
    public void No_version_of_a_package_floats() =>
        XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion").Select(static p => p.Attribute("Version")!.Value)
            .ShouldAllBe(static v => !v.Contains('*'));

    // A package of the same name and version with other content, or another version of what a package depends on, fails CI's restore.
    [Fact]
    public void What_ships_and_what_tests_it_is_restored_by_the_hash_of_each_package()
    {
        string[] projects = [.. Repository.ShippedProjects, Repository.Path("tests", "IotOps.HouseTests", "IotOps.HouseTests.csproj")];
        var locked = new HashSet<string>(StringComparer.Ordinal);
        foreach (string project in projects)
        {
            using JsonDocument file = JsonDocument.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")));
            JsonElement packages = file.RootElement.GetProperty("dependencies").EnumerateObject().ShouldHaveSingleItem($"{project}: of one kind of machine").Value;
            foreach (JsonProperty package in packages.EnumerateObject().Where(static package => package.Value.GetProperty("type").GetString() != "Project"))
            {
                package.Value.GetProperty("contentHash").GetString().ShouldNotBeNullOrEmpty(package.Name);
                locked.Add(package.Name);
            }
        }

        string[] shipped = [.. XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("ItemGroup")
            .Single(static group => group.Attribute("Label")!.Value == "Shipped with the packages").Elements().Select(static package => package.Attribute("Include")!.Value)];
        shipped.Except(locked, StringComparer.Ordinal).ShouldBe(["AWSSDK.SecurityToken"], "the samples' alone");
        foreach (string file in (string[])["src/Directory.Build.props", "tests/IotOps.HouseTests/IotOps.HouseTests.csproj"])
        {
            Repository.Read(file).ShouldContain("<RestoreLockedMode Condition=\"'$(CI)' == 'true'\">true</RestoreLockedMode>");
        }
    }

    // A package source without a list of vulnerabilities reports none, which looks as if there were none.
    [Fact]
    public void The_vulnerability_gate_is_shown_a_package_that_it_must_report_and_fails_the_build_on_what_it_reports()
    {
        XElement canary = XDocument.Parse(Repository.Read("tests", "canary", "Canary.csproj")).Root!;
        (canary.Descendants("PackageReference").Single().Attribute("Include")!.Value, canary.Descendants("PackageReference").Single().Attribute("Version")!.Value)
            .ShouldBe(("Newtonsoft.Json", "12.0.1"));
        string test = Repository.Read("test.sh");
        test.ShouldContain("*NU1903*) passed=");
        test.Split('\n').Single(static line => line.StartsWith("everyday=(", StringComparison.Ordinal)).ShouldContain(" audit ");
        XElement build = XDocument.Parse(Repository.Read("Directory.Build.props")).Root!;
        build.Descendants("NuGetAudit").Single().Value.ShouldBe("true");
        build.Descendants("WarningsNotAsErrors").Single().Value.ShouldBe("$(WarningsNotAsErrors);NU1900");
    }

    [Theory]
    [InlineData("python_peers", "==")]
    [InlineData("node_peers", "@")]
    public void Every_peer_that_is_no_Debian_package_has_its_version(string array, string separator)
    {
        string line = Repository.Read("test.sh").Split('\n').Single(l => l.StartsWith($"{array}=(", StringComparison.Ordinal));
        string[] peers = line[(array.Length + 2)..^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);

        peers.ShouldNotBeEmpty();
        peers.ShouldAllBe(p => p.Contains(separator, StringComparison.Ordinal) && Version().IsMatch(p.Trim('\'').Split(separator).Last()));
    }

    [Fact]
    public void Only_who_asks_for_it_gets_system_packages_installed()
    {
        string[] before = Repository.Read("test.sh").Split("apt-get update")[0].Split('\n');

        before[^2].ShouldContain("$install_peers");
        Repository.Read(".ci", "run").ShouldContain("--install-peers");
    }

    [GeneratedRegex(@"^\d+(\.\d+)+$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Version();
}
