using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace IotOps.Logs.Files;

/// <summary>The inode behind a name or handle, which .NET has no API for.</summary>
[SupportedOSPlatform("linux")]
internal static partial class LinuxFiles
{
    private const int AtFdCwd = -100;
    private const int AtEmptyPath = 0x1000;
    private const int AtSymlinkNoFollow = 0x100;
    private const uint BasicStatsAndBirth = 0xfff;
    private const int NoEntry = 2;
    private const int NoSuchAddress = 6;
    private const int SeekData = 3;
    private const int NotADirectory = 20;
    private const int TooManyLinks = 40;

    /// <summary>Stats a name; the path is UTF-8 and ends with a NUL.</summary>
    public static FileStat Stat(ReadOnlySpan<byte> path, bool followLinks = true)
    {
        int failed = StatX(AtFdCwd, path, followLinks ? 0 : AtSymlinkNoFollow, BasicStatsAndBirth, out StatXBuffer buffer);
        if (failed == 0)
        {
            return buffer.ToFileStat();
        }

        return Marshal.GetLastPInvokeError() is NoEntry or NotADirectory or TooManyLinks ? default : new FileStat(FileKind.Unknown, default, 0, 0, 0, 0);
    }

    /// <exception cref="IOException">The file cannot be asked any more, such as one on NFS that the server has removed.</exception>
    public static FileStat Stat(SafeFileHandle handle)
    {
        int failed = StatXHandle(handle, "\0"u8, AtEmptyPath, BasicStatsAndBirth, out StatXBuffer buffer);
        return failed == 0 ? buffer.ToFileStat() : throw new IOException(Marshal.GetLastPInvokeErrorMessage());
    }

    /// <summary>
    /// The first offset from this one on that is in no hole; null when the file ends in one. The offset itself where the file system does not tell.
    /// See https://man7.org/linux/man-pages/man2/lseek.2.html, SEEK_DATA.
    /// </summary>
    public static long? NextData(SafeFileHandle handle, long offset)
    {
        // Where a long is shorter than a file's offset, the C library has a second function.
        long data = IntPtr.Size == sizeof(long) ? Seek(handle, offset, SeekData) : Seek64(handle, offset, SeekData);
        return data >= 0 ? data : Marshal.GetLastPInvokeError() == NoSuchAddress ? null : offset;
    }

    /// <summary>Lets the system read further ahead; what it makes of that changes nothing but the speed.</summary>
    public static void AnnounceSequentialReading(SafeFileHandle handle)
    {
        // Where a long is shorter than a file's offset, the function has other parameters.
        if (IntPtr.Size == sizeof(long))
        {
            const int Sequential = 2;
            _ = Advise(handle, 0, 0, Sequential);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle handle, long offset, long length, int advice);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle handle, long offset, int from);

    [LibraryImport("libc", EntryPoint = "lseek64", SetLastError = true)]
    private static partial long Seek64(SafeFileHandle handle, long offset, int from);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int StatX(int directory, ReadOnlySpan<byte> path, int flags, uint mask, out StatXBuffer buffer);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int StatXHandle(SafeFileHandle handle, ReadOnlySpan<byte> path, int flags, uint mask, out StatXBuffer buffer);

    /// <summary>struct statx of the kernel: the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatXBuffer
    {
        [FieldOffset(16)] public uint Links;
        [FieldOffset(20)] public uint Owner;
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public long Inode;
        [FieldOffset(40)] public long Size;
        [FieldOffset(80)] public long BornSeconds;
        [FieldOffset(88)] public uint BornNs;
        [FieldOffset(96)] public long ChangedSeconds;
        [FieldOffset(104)] public uint ChangedNs;
        [FieldOffset(112)] public long ModifiedSeconds;
        [FieldOffset(120)] public uint ModifiedNs;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;

        public readonly FileStat ToFileStat() => new(
            (Mode & 0xF000) switch
            {
                0x8000 => FileKind.Regular,
                0x4000 => FileKind.Directory,
                0xA000 => FileKind.Symlink,
                _ => FileKind.Other,
            },
            new FileIdentity(((long)DeviceMajor << 32) | DeviceMinor, Inode),
            Size,
            (ModifiedSeconds * 1_000_000_000) + ModifiedNs,
            (ChangedSeconds * 1_000_000_000) + ChangedNs,
            Links,
            (BornSeconds * 1_000_000_000) + BornNs,
            Owner,
            Mode);
    }
}
