namespace IotOps.InteropTests.Slack;

/// <summary>The sources that this test was built from.</summary>
internal static class SourceTree
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string directory) => File.Exists(Path.Combine(directory, "IotOps.slnx"))
        ? directory
        : Find(Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("There is no IotOps.slnx above the tests."));
}
