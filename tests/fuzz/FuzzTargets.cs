using System.Text;
using IotOps.Fuzz.Targets;

namespace IotOps.Fuzz;

/// <summary>All targets, and where their files are.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<IFuzzTarget> All { get; } =
        [new MqttTarget(), new InflateTarget(), new RecordsTarget(), new ReportTarget(), new ShadowTarget(), new SlackTarget(), new TrailTarget()];

    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static string CorpusDirectory => Path.Combine(Root, "tests", "fuzz", "corpus");

    /// <summary>Texts as bytes.</summary>
    public static IEnumerable<byte[]> Bytes(params string[] texts) => texts.Select(Encoding.UTF8.GetBytes);

    private static string FindRoot(string directory)
    {
        for (DirectoryInfo? at = new(directory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "IotOps.slnx")))
            {
                return at.FullName;
            }
        }

        throw new InvalidOperationException($"No IotOps.slnx above {directory}: run from a checkout.");
    }
}
