using System.Collections.Concurrent;

namespace IotOps.Shared;

/// <summary>Finds files with a secret, such as a private key, that others than their owner may read, each once. Safe for concurrent use.</summary>
internal sealed class ExposedKeys
{
    private const UnixFileMode ForOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);

    /// <summary>The file's mode in octal digits, when it is to be warned of now; else null.</summary>
    public string? Find(string? file)
    {
        if (file is null || OperatingSystem.IsWindows())
        {
            return null;
        }

        try
        {
            UnixFileMode mode = File.GetUnixFileMode(file);
            return (mode & ForOthers) != UnixFileMode.None && _told.TryAdd(file, true) ? Convert.ToString((int)mode, 8).PadLeft(4, '0') : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever reads it says what is wrong.
            return null;
        }
    }
}
