using System.Reflection;

namespace IotOps.HouseTests;

/// <summary>
/// No two folders of a package use each other, and no longer way leads back to a folder either: each can be read, changed and tested with
/// the folders below it alone. What counts as a use, and why the root namespace does not, is said at <see cref="FolderGraph"/>.
/// </summary>
public sealed class FolderArrows
{
    public static TheoryData<string> Shipped => Arrows.Shipped;

    [Theory]
    [MemberData(nameof(Shipped))]
    public void No_two_folders_of_a_package_use_each_other(string project)
    {
        FolderGraph folders = Of(project);
        folders.Pairs.ShouldBeEmpty($"{project}: these folders use each other.\n{folders.Explain()}");
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public void No_way_through_other_folders_leads_back_to_a_folder(string project) => Of(project).LongerCycles.ShouldBeEmpty();

    // The root of the emulator is two layers: records and faults below its folders, the Emulated... classes above them.
    [Fact]
    public void Root_types_that_the_emulators_folders_use_know_no_folder()
    {
        const string Root = "IotOps.Emulator";
        ILookup<string, string> uses = TypeUses.Of(Assembly.Load(Root).Location).Uses.ToLookup(use => use.User, use => use.Used, StringComparer.Ordinal);
        bool IsInFolder(string type) => type.StartsWith(Root + ".", StringComparison.Ordinal) && type.LastIndexOf('.') > Root.Length;
        bool IsInRoot(string type) => type.StartsWith(Root + ".", StringComparison.Ordinal) && !IsInFolder(type);

        var below = new HashSet<string>(uses.Where(user => IsInFolder(user.Key)).SelectMany(used => used).Where(IsInRoot), StringComparer.Ordinal);
        below.ShouldContain("IotOps.Emulator.FaultInjector", StringComparer.Ordinal);
        var open = new Queue<string>(below);
        while (open.TryDequeue(out string? type))
        {
            uses[type].Where(IsInFolder).ShouldBeEmpty(type);
            foreach (string next in uses[type].Where(IsInRoot).Where(below.Add))
            {
                open.Enqueue(next);
            }
        }
    }

    private static FolderGraph Of(string project) => FolderGraph.Of(Assembly.Load(project).Location, project, Repository.Path("src", project));
}
