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
