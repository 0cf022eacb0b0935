using System.Reflection;

namespace IotOps.HouseTests;

/// <summary>The tests of <see cref="FolderArrows"/> can fail: the samples have each kind of use, a pair within a folder, one between folders, and a cycle.</summary>
public sealed class FolderGraphTests
{
    private const string Samples = "IotOps.HouseTests.FolderSamples";

    private static readonly string Location = Assembly.GetExecutingAssembly().Location;

    public static TheoryData<string> Kinds => ["Base", "Interface", "Constraint", "Field", "Parameter", "Attribute", "Typeof", "Caught", "Call", "Argument", "Check"];

    [Fact]
    public void Folders_that_use_each_other_are_a_pair_below_the_folder_of_both()
    {
        FolderGraph samples = Of(Samples, "FolderSamples");
        samples.Pairs.ShouldBe(["Constants <-> Outer", "Outer <-> Outer.Inner"]);
        samples.Explain().ShouldContain("Outer.Inner -> Outer:\n    InnerSample uses OuterSample");
    }

    [Fact]
    public void A_cycle_of_three_folders_is_found() =>
        Of(Samples, "FolderSamples").LongerCycles.ShouldBe(["First -> Second -> Third -> First"]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_way_to_use_a_type_counts(string kind) =>
        TypeUses.Of(Location)
            .Where(use => use.User.Split('.', '`').Contains(kind + "User") && use.Used.EndsWith("Target", StringComparison.Ordinal))
            .Select(use => use.Used)
            .ShouldBe([$"{Samples}.{kind}Target"]);

    private static FolderGraph Of(string root, string sources) => FolderGraph.Of(Location, root, Repository.Path("tests", "IotOps.HouseTests", sources));
}
