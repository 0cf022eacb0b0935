namespace IotOps.AotSmoke;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>Absolute path of the repository.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(System.IO.Path.Combine(directory, "IotOps.slnx")))
        {
            directory = System.IO.Path.GetDirectoryName(directory);
        }

        return directory ?? throw new InvalidOperationException($"No IotOps.slnx above {AppContext.BaseDirectory}.");
    }
}
