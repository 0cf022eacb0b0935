using System.Reflection;

namespace IotOps.HouseTests;

/// <summary>The tests of <see cref="FolderArrows"/> can fail: the samples have each kind of use, a pair within a folder, one between folders, and a cycle.</summary>
public sealed class FolderGraphTests
{
    private const string Samples = "IotOps.HouseTests.FolderSamples";

    private static readonly string Location = Assembly.GetExecutingAssembly().Location;

    private static readonly SourceUses Names = new(new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal)
    {
        ["A.Constants.Plain"] = new HashSet<string>(["Name"], StringComparer.Ordinal),
        ["A.Outer.Around"] = new HashSet<string>(["Name"], StringComparer.Ordinal),
    });

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
        TypeUses.Of(Location).Uses
            .Where(use => use.User.Split('.', '`').Contains(kind + "User") && use.Used.EndsWith("Target", StringComparison.Ordinal))
            .Select(use => use.Used)
            .ShouldBe([$"{Samples}.{kind}Target"]);

    [Theory]
    [InlineData("A.B", "class X { string Y => Constants.Plain.Name; }", "A.Constants")]
    [InlineData("A.B", "class X { string Y => A.Constants.Plain.Name; }", "A.Constants")]
    [InlineData("A.B", "class X { string Y => nameof(Constants.Plain); }", "A.Constants")]
    [InlineData("A.B", "class X { string Y => $\"{nameof(Constants.Plain.Other)}\"; }", "A.Constants")]
    [InlineData("A.Outer.Inner", "class X { string Y => Around.Name; }", "A.Outer")]
    [InlineData("A.Outer.Inner", "class X { string Y => nameof(Around); }", "A.Outer")]
    public void A_constant_or_a_name_that_the_compiler_copies_counts(string user, string code, string used) =>
        Names.Of($"namespace {user};\n\n{code}\n").ShouldBe([(user, used)]);

    [Theory]
    [InlineData("using A.Constants;", "A.Constants")]
    [InlineData("using static A.Constants.Plain;", "A.Constants")]
    [InlineData("using Short = A.Constants.Plain;", "A.Constants")]
    public void A_using_directive_counts(string line, string used) => Names.Of($"{line}\n\nnamespace A.B;\n").ShouldBe([("A.B", used)]);

    [Theory]
    [InlineData("// Constants.Plain.Name")]
    [InlineData("/// <summary>Constants.Plain.Name</summary>")]
    [InlineData("class X { string Y => Constants.Plain.Make(); }")]
    [InlineData("class X { string Y => other.Constants.Plain.Name; }")]
    [InlineData("class X { string Constants => Constants.Name; }")]
    public void Other_mentions_are_left_to_the_metadata(string code) => Names.Of($"namespace A.B;\n\n{code}\n").ShouldBeEmpty();

    private static FolderGraph Of(string root, string sources) => FolderGraph.Of(Location, root, Repository.Path("tests", "IotOps.HouseTests", sources));
}
