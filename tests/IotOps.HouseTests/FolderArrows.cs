using System.Reflection;

namespace IotOps.HouseTests;

/// <summary>
/// No two folders of a package use each other, and no longer way leads back to a folder either: each can be read, changed and tested with
/// the folders below it alone. What counts as a use, and why the root namespace does not, is said at <see cref="FolderGraph"/>.
/// </summary>
public sealed class FolderArrows
{
    // These packages are being mended. Whoever undoes a pair takes its row out; a row is never added.
    private static readonly Dictionary<string, string[]> Known = new(StringComparer.Ordinal)
    {
        ["IotOps.Defender"] = ["Validation <-> Wire"],
        ["IotOps.Emulator"] =
        [
            "Batch <-> Http", "Http <-> Iot", "Http <-> Logs", "Http <-> Mqtt", "Http <-> Shadow", "Http <-> Slack", "Http <-> Sts",
            "Mqtt <-> Mqtt.Sessions", "Mqtt.Sessions <-> Mqtt.Topics",
        ],
        ["IotOps.Shadow"] = ["Store <-> Sync"],
    };

    public static TheoryData<string> Shipped => Arrows.Shipped;

    [Theory]
    [MemberData(nameof(Shipped))]
    public void No_two_folders_of_a_package_use_each_other(string project)
    {
        FolderGraph folders = Of(project);
        folders.Pairs.ShouldBe(Known.GetValueOrDefault(project, []), $"{project}: undo a new pair, take a row that is gone out of {nameof(Known)}.\n{folders.Explain()}");
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public void No_way_through_other_folders_leads_back_to_a_folder(string project) => Of(project).LongerCycles.ShouldBeEmpty();

    private static FolderGraph Of(string project) => FolderGraph.Of(Assembly.Load(project).Location, project, Repository.Path("src", project));
}
