using System.IO.Abstractions;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace IotOps.Logs.Files;

/// <summary>Asks the system about files: by statx on Linux, elsewhere by what .NET tells (size, times, creation time as identity).</summary>
internal sealed class FileProbe(IFileSystem fileSystem)
{
    /// <summary>A file time no older than this may stay the same through one more change: file systems' clocks tick that slowly.</summary>
    public const long FreshNs = 100_000_000;

    private readonly bool _statx = OperatingSystem.IsLinux();

    /// <summary>A path as the system takes it: UTF-8 with a NUL behind, so that asking again allocates nothing.</summary>
    public static byte[] Encode(string path)
    {
        byte[] encoded = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, encoded);
        return encoded;
    }

    /// <summary>
    /// True when a file could change once more after this look without its time telling. A time in the future, as after a clock was set back,
    /// tells: the next change has another one.
    /// </summary>
    public static bool IsFresh(long fileNs, long lookedAtNs) => Math.Abs(fileNs - lookedAtNs) <= FreshNs;

    /// <summary>Nanoseconds since 1970 on the clock that file times come from, whatever clock the shipper was given.</summary>
    public static long SystemNs() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    public FileStat Stat(string path) => Stat(path, _statx ? Encode(path) : []);

    public FileStat Stat(string path, byte[] encoded) =>
        _statx && OperatingSystem.IsLinux() ? LinuxFiles.Stat(encoded) : Portable(path);

    /// <summary>
    /// What a name leads to; <see cref="FileKind.Refused"/>, with the reason, when it is a link that is not followed. The directories above it
    /// were judged before. Other systems than Linux tell no owners: there, every link is followed.
    /// </summary>
    public FileStat Judge(string path, out string? refusal)
    {
        refusal = null;
        if (!_statx || !OperatingSystem.IsLinux())
        {
            return Portable(path);
        }

        FileStat name = LinuxFiles.Stat(Encode(path), followLinks: false);
        return name.Kind == FileKind.Symlink ? LinuxWalk.Look(path, out refusal) : name;
    }

    /// <summary>As <see cref="Judge"/>, with the links in the directories above the name.</summary>
    public FileStat JudgeWhole(string path, out string? refusal)
    {
        refusal = null;
        FileStat stat = _statx && OperatingSystem.IsLinux() ? LinuxWalk.Look(path, out refusal) : default;

        // What the kernel does not know may be a file of the host's own file system, such as one in memory.
        return stat.Kind == FileKind.Missing ? Portable(path) : stat;
    }

    /// <summary>True when the name itself is a symbolic link.</summary>
    public bool IsSymlink(string path) =>
        _statx && OperatingSystem.IsLinux()
            ? LinuxFiles.Stat(Encode(path), followLinks: false).Kind == FileKind.Symlink
            : fileSystem.FileInfo.New(path).Attributes.HasFlag(FileAttributes.ReparsePoint);

    /// <summary>What a symbolic link leads to in the end; null when it is none, or cannot be followed now.</summary>
    public string? LinkTarget(string path)
    {
        try
        {
            return IsSymlink(path) ? fileSystem.File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null;
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            return null;
        }
    }

    /// <exception cref="IOException">The open file cannot be asked any more.</exception>
    public FileStat Stat(Stream open, string path) =>
        _statx && OperatingSystem.IsLinux() && HandleOf(open) is { } handle
            ? LinuxFiles.Stat(handle)
            : Portable(path);

    /// <summary>The first offset from this one on that is in no hole; null when the file ends in one. The offset itself where the system does not tell.</summary>
    public long? NextData(Stream open, long offset) =>
        _statx && OperatingSystem.IsLinux() && HandleOf(open) is { } handle ? LinuxFiles.NextData(handle, offset) : offset;

    // The file system's stream wraps the real one; a file system in memory has none, and says so only by the cast.
    private static SafeFileHandle? HandleOf(Stream open)
    {
        try
        {
            return open is FileSystemStream wrapped ? ((FileStream)wrapped).SafeFileHandle : (open as FileStream)?.SafeFileHandle;
        }
        catch (InvalidCastException)
        {
            return null;
        }
    }

    private FileStat Portable(string path)
    {
        try
        {
            return Ask(path);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            return new FileStat(FileKind.Unknown, default, 0, 0, 0, 0);
        }
    }

    private FileStat Ask(string path)
    {
        IFileInfo info = fileSystem.FileInfo.New(path);
        if (!info.Exists)
        {
            return fileSystem.Directory.Exists(path)
                ? new FileStat(FileKind.Directory, default, 0, Ns(fileSystem.Directory.GetLastWriteTimeUtc(path)), 0, 1)
                : default;
        }

        // Windows keeps the creation time through a rename; what it cannot tell apart, the content's fingerprint does.
        return new FileStat(
            FileKind.Regular, new FileIdentity(0, info.CreationTimeUtc.Ticks), info.Length, Ns(info.LastWriteTimeUtc), 0, 1);
    }

    private static long Ns(DateTime utc) => (utc - DateTime.UnixEpoch).Ticks * 100;
}
