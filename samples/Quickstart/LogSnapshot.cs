using System.Text;

namespace IotOps.Samples.Quickstart;

/// <summary>Copies of this machine's text logs: files that stand still, so that what arrives can be compared with what was there.</summary>
internal static class LogSnapshot
{
    private const int MaxFileBytes = 16 << 20;
    private const long MaxBytes = 64 << 20;

    /// <summary>Copies the readable text files below a directory, by name, at most 64 MiB in all.</summary>
    /// <returns>The copies; empty when there is no text log to be read here.</returns>
    public static IReadOnlyList<SnapshotFile> Take(string from, string to)
    {
        var anyReadable = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        List<SnapshotFile> files = [];
        if (!Directory.Exists(from))
        {
            return files;
        }

        foreach (string path in Directory.EnumerateFiles(from, "*", anyReadable).Order(StringComparer.Ordinal))
        {
            string name = Path.GetRelativePath(from, path);
            if (Read(path) is { } content && files.Sum(f => f.Bytes) + content.Length <= MaxBytes)
            {
                files.Add(Copy(content, name, Path.Combine(to, name)));
            }
        }

        return files;
    }

    /// <summary>Makes a log of what the kernel tells about this machine, for one that has no text logs.</summary>
    public static IReadOnlyList<SnapshotFile> Demo(string to)
    {
        string[] sources = ["/proc/cpuinfo", "/proc/meminfo", "/proc/interrupts", "/proc/mounts", "/proc/net/dev"];
        string text = string.Concat(sources.Where(File.Exists).Select(File.ReadAllText));
        return [Copy(Encoding.UTF8.GetBytes(text.Length > 0 ? text : "No /proc here either.\n"), "proc.log", Path.Combine(to, "proc.log"))];
    }

    /// <summary>The file's whole lines; null when it is empty, binary, too long or not ours to read.</summary>
    private static byte[]? Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length is 0 or > MaxFileBytes)
            {
                return null;
            }

            byte[] content = File.ReadAllBytes(path);

            // wtmp, lastlog, the journal and compressed logs all hold a zero byte; text does not.
            return content.Contains((byte)0) ? null : content;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static SnapshotFile Copy(byte[] content, string name, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (FileStream file = File.Create(path))
        {
            file.Write(content);
            if (content[^1] != (byte)'\n')
            {
                // A last line without its end would wait for it: its program may still be writing.
                file.WriteByte((byte)'\n');
            }
        }

        string[] lines = Encoding.UTF8.GetString(content).Split('\n');
        return new SnapshotFile(path, name, [.. lines.Select(l => l.EndsWith('\r') ? l[..^1] : l).Where(l => l.Length > 0)], content.Length);
    }
}
