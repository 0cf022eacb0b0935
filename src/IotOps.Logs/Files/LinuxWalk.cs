using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace IotOps.Logs.Files;

/// <summary>
/// Follows a path name by name, as the kernel does, and judges each link by handles, so that nothing can be exchanged between the look and
/// the opening. A link is followed when it and what it leads to have one owner, or when only root and this process's user can have put it
/// into its directory. Whoever else makes a link there could make an agent that may read more than he read it for him.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed partial class LinuxWalk
{
    private const int AtFdCwd = -100;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int PathOnly = 0x200000;
    private const int WritableByOthers = 0x12;
    private const int Interrupted = 4;
    private const int NoEntry = 2;
    private const int NotADirectory = 20;
    private const int TooManyLinks = 40;

    /// <summary>As the kernel.</summary>
    private const int MaxLinks = 40;

    /// <summary>A chain of links may name as many directories as its maker likes; each costs system calls.</summary>
    private const int MaxNames = 256;

    private const int MaxNameBytes = 255;
    private const int MaxLinkBytes = 4096;

    // The value differs between processor families: https://elixir.bootlin.com/linux/v6.12/source/arch/arm64/include/uapi/asm/fcntl.h
    private static readonly int s_noFollow =
        RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 or Architecture.Armv6 or Architecture.Ppc64le ? 0x8000 : 0x20000;

    // Without it, a 32-bit process may not open a file of more than 2 GiB.
    private static readonly int s_largeFile = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Armv6 ? 0x20000 : 0;

    private static readonly uint s_user = EffectiveUser();

    private int _links;
    private int _names;
    private int _error;
    private string? _refusal;

    private LinuxWalk()
    {
    }

    /// <summary>What a path leads to; <see cref="FileKind.Refused"/>, with the reason, when a link in it is not followed.</summary>
    public static FileStat Look(string path, out string? refusal)
    {
        var walk = new LinuxWalk();
        using Place? place = walk.Go(null, FileProbe.Encode(path).AsSpan()[..^1]);
        refusal = walk._refusal;
        return place?.Stat ?? new FileStat(walk.Kind, default, 0, 0, 0, 0);
    }

    /// <summary>Opens a regular file for reading. Never waits, as the opening of a FIFO would.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    /// <exception cref="IOException">A link in the path is not followed, it is no regular file, or the disk refuses.</exception>
    public static SafeFileHandle Open(string path)
    {
        var walk = new LinuxWalk();
        using Place? place = walk.Go(null, FileProbe.Encode(path).AsSpan()[..^1]);
        if (place is null)
        {
            throw walk._refusal is { } refusal ? new IOException(refusal) : Failure(walk._error, path);
        }

        if (!place.Stat.IsRegular || place.Holder is null)
        {
            throw new IOException($"It is no regular file: '{path}'");
        }

        SafeFileHandle file;
        do
        {
            file = OpenAt(place.Holder, place.Name, NonBlocking | CloseOnExec | s_noFollow | s_largeFile);
        }
        while (file.IsInvalid && Marshal.GetLastPInvokeError() == Interrupted);

        if (file.IsInvalid)
        {
            int error = Marshal.GetLastPInvokeError();
            file.Dispose();
            throw Failure(error, path);
        }

        if (LinuxFiles.Stat(file) is { } opened && (!opened.IsRegular || opened.Identity != place.Stat.Identity))
        {
            file.Dispose();
            throw new IOException($"It was exchanged while it was opened: '{path}'");
        }

        return file;
    }

    private FileKind Kind =>
        _refusal is not null ? FileKind.Refused : _error is NoEntry or NotADirectory or TooManyLinks ? FileKind.Missing : FileKind.Unknown;

    private static Exception Failure(int error, string path)
    {
        const int NotPermitted = 1;
        const int AccessDenied = 13;
        return error switch
        {
            NoEntry or NotADirectory => new FileNotFoundException($"There is no file '{path}'.", path),
            NotPermitted or AccessDenied => new UnauthorizedAccessException($"Access to the path '{path}' is denied."),
            _ => new IOException($"{Marshal.GetPInvokeErrorMessage(error)}: '{path}'"),
        };
    }

    /// <summary>Goes on from a directory, or from the process's own; null when the path leads nowhere, or a link is refused.</summary>
    private Place? Go(SafeFileHandle? from, ReadOnlySpan<byte> path)
    {
        Place? here = path is [(byte)'/', ..] ? Enter(null, "/"u8) : Enter(from, "."u8);
        foreach (Range range in path.Split((byte)'/'))
        {
            ReadOnlySpan<byte> name = path[range];
            if (here is null || name is [] or [(byte)'.'])
            {
                continue;
            }

            Place? next = Enter(here.Handle, name);
            if (next is { Stat.Kind: FileKind.Symlink })
            {
                Place? target = Follow(here, next);
                next.Dispose();
                here.Dispose();
                here = target;
            }
            else if (next is null)
            {
                here.Dispose();
                here = null;
            }
            else
            {
                // The directory stays open: what is behind the name is opened from it.
                here.Holder?.Dispose();
                next.Holder = here.Handle;
                here = next;
            }
        }

        return here;
    }

    private Place? Follow(Place directory, Place link)
    {
        byte[] buffer = new byte[MaxLinkBytes];
        nint length = ReadLinkAt(link.Handle, "\0"u8, buffer, buffer.Length);
        if (length <= 0 || length == buffer.Length || ++_links > MaxLinks)
        {
            _error = TooManyLinks;
            return null;
        }

        ReadOnlySpan<byte> text = buffer.AsSpan(0, (int)length);
        Place? target = Go(directory.Handle, text);
        if (target is not null && !IsOurs(directory.Stat) && target.Stat.Owner != link.Stat.Owner)
        {
            _refusal = $"the link {Encoding.UTF8.GetString(link.Name.AsSpan()[..^1])} -> {Encoding.UTF8.GetString(text)} belongs to user {link.Stat.Owner}, what it leads to "
                + $"to user {target.Stat.Owner}, and others may write to the link's directory. Give both one owner (chown -h), or close the directory to others";
            target.Dispose();
            return null;
        }

        return target;
    }

    /// <summary>Only root and this process's user can make, rename and remove names in a directory. An access control list counts through the group's bits.</summary>
    private static bool IsOurs(in FileStat directory) =>
        (directory.Owner == 0 || directory.Owner == s_user) && (directory.Mode & WritableByOthers) == 0;

    private Place? Enter(SafeFileHandle? directory, ReadOnlySpan<byte> name)
    {
        if (++_names > MaxNames || name.Length > MaxNameBytes)
        {
            _error = TooManyLinks;
            return null;
        }

        byte[] ended = new byte[name.Length + 1];
        name.CopyTo(ended);
        int flags = PathOnly | CloseOnExec | s_noFollow;
        SafeFileHandle handle = directory is null ? OpenAt(AtFdCwd, ended, flags) : OpenAt(directory, ended, flags);
        if (handle.IsInvalid)
        {
            _error = Marshal.GetLastPInvokeError();
            handle.Dispose();
            return null;
        }

        try
        {
            return new Place(handle, LinuxFiles.Stat(handle), ended);
        }
        catch (IOException)
        {
            _error = Marshal.GetLastPInvokeError();
            handle.Dispose();
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial SafeFileHandle OpenAt(SafeFileHandle directory, ReadOnlySpan<byte> name, int flags);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial SafeFileHandle OpenAt(int directory, ReadOnlySpan<byte> name, int flags);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    private static partial nint ReadLinkAt(SafeFileHandle link, ReadOnlySpan<byte> name, Span<byte> target, nint size);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    /// <summary>What a name leads to, held but not opened, and the directory it stands in.</summary>
    private sealed class Place(SafeFileHandle handle, FileStat stat, byte[] name) : IDisposable
    {
        public SafeFileHandle Handle => handle;

        public FileStat Stat => stat;

        /// <summary>With a NUL behind.</summary>
        public byte[] Name => name;

        public SafeFileHandle? Holder { get; set; }

        public void Dispose()
        {
            handle.Dispose();
            Holder?.Dispose();
        }
    }
}
