using IotOps.Samples.CommandLine;

namespace IotOps.Samples.FleetTool.Lines;

/// <summary>The lines of a file, or of standard input.</summary>
internal static class LineSource
{
    /// <summary>The option that names the file.</summary>
    public static CommandOption Option(string what) => new("PATH", null, $"{what}; standard input unless given, or '-'.");

    /// <exception cref="UsageException">The file cannot be read.</exception>
    public static Stream Open(string? path)
    {
        try
        {
            return path is null or "-" ? Console.OpenStandardInput() : File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"cannot read {path}: {e.Message}");
        }
    }

    /// <summary>A whole file as text.</summary>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    public static string ReadAll(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"cannot read {path}: {e.Message}");
        }
    }
}
