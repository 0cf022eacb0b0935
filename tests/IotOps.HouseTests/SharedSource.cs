using System.Xml.Linq;

namespace IotOps.HouseTests;

/// <summary>One of each mechanism: src/Shared is compiled into the packages that name it, and nothing else is compiled twice.</summary>
public sealed class SharedSource
{
    public static TheoryData<string> Shipped => Arrows.Shipped;

    [Fact]
    public void Every_shared_source_is_named_by_a_package()
    {
        string root = Repository.Path("src", "Shared");
        IEnumerable<string> sources = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.ChangeExtension(Path.GetRelativePath(root, path), null).Replace('\\', '/'));
        sources.Except(Repository.ShippedProjects.SelectMany(Names), StringComparer.Ordinal).ShouldBeEmpty();
    }

    // The emulator checks what the packages do: an oracle that shared their code would share their mistakes.
    [Fact]
    public void The_emulator_shares_nothing() => Names(Repository.Path("src", "IotOps.Emulator", "IotOps.Emulator.csproj")).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Shipped))]
    public void A_package_compiles_its_own_sources_and_those_it_names(string project) =>
        Elements(Repository.Path("src", project, project + ".csproj"), "Compile").ShouldBeEmpty("Move the source to src/Shared and name it by <Shared Include=\"...\" />.");

    private static IEnumerable<string> Names(string project) => Elements(project, "Shared");

    private static IEnumerable<string> Elements(string project, string kind) =>
        XDocument.Load(project).Descendants(kind).SelectMany(element => element.Attribute("Include")!.Value.Split(';', StringSplitOptions.TrimEntries));
}
