using IotOps.Logs.Files;

namespace IotOps.Logs.Tail;

/// <summary>Recognises one file's content in another.</summary>
internal sealed class ContentComparer(OpenFiles open)
{
    private const int BlockSize = 64 << 10;
    private const long WholeUpTo = 4L << 20;

    /// <summary>Less than this much known content is found in files that have nothing to do with each other, such as under equal headers.</summary>
    private const int StrongEvidence = Fingerprint.HeadLength;

    private const long TimeToleranceNs = 2_000_000_000;

    private readonly byte[] _left = new byte[BlockSize];
    private readonly byte[] _right = new byte[BlockSize];

    /// <summary>True when a file holds what <paramref name="original"/> held, as far as that was read; null when a likely one cannot be read now.</summary>
    public bool? HoldsContentOf(TailedFile original, string path, in FileStat stat)
    {
        if (original.Head.Length == 0)
        {
            return false;
        }

        bool isWeak = IsWeak(original);
        bool canBeCopy = FileNames.IsDerived(path, original.Path) || path == original.Path;
        if (isWeak && (!canBeCopy || stat.ModifiedNs + TimeToleranceNs < original.Now.ModifiedNs))
        {
            return false;
        }

        try
        {
            using SourceContent? content = open.TryOpen(path, out FileStat opened, out string? reason);
            return content is null
                ? (reason is null || !canBeCopy ? false : null)
                : opened.Identity == stat.Identity && HoldsKnown(original, content);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            // A file with a name that has nothing to do with the source's may stay unreadable for ever.
            return canBeCopy ? null : false;
        }
    }

    /// <summary>
    /// True when a content begins with what was read of a source, and with what could still be read of it by an open handle.
    /// </summary>
    /// <param name="source">The source.</param>
    /// <param name="content">The content of a file that was not read yet.</param>
    /// <param name="isStrongOnly">Little known content is no proof.</param>
    public bool IsSame(TailedFile source, SourceContent content, bool isStrongOnly)
    {
        if (source.Head.Length == 0 || (isStrongOnly && IsWeak(source)) || !HoldsKnown(source, content))
        {
            return false;
        }

        return source.Content is not { } old || old is RememberedContent || IsEqualBehind(source.Position, old, content);
    }

    /// <summary>True when the file found still holds what was read of the source, so that its inode was not given to another file.</summary>
    public bool IsIntact(TailedFile file, in FoundFile found)
    {
        using SourceContent? content = open.TryOpen(found.Path, out FileStat opened, out _);
        return content is not null && opened.Identity == found.Stat.Identity && HoldsKnown(file, content);
    }

    /// <summary>Compares a file that was not read yet with one whose copy it may be. Only the whole of it counts.</summary>
    /// <exception cref="IOException">The file cannot be read. An original that cannot is compared by what is known of it.</exception>
    public bool IsCopySoFar(TailedFile file, TailedFile original)
    {
        using SourceContent? content = open.TryOpen(file.Path, out FileStat stat, out _);
        if (content is null || stat.Identity != file.Identity)
        {
            // Whatever it is now, it is looked at again when its path is.
            return file.CopyOf == original;
        }

        bool canBeRead = original.State is FileState.Tailed or FileState.Detached && open.MayTry(original);
        SourceContent? other = canBeRead ? open.Get(original) : null;
        bool? isEqual = other is null || other.IsImmutable || content.IsImmutable ? null : IsEqualSoFar(content, other, original);
        return isEqual ?? (original.Head.Length > 0 && (HoldsKnown(original, content) || IsStartOfKnown(original, content)));
    }

    /// <summary>Null when the original cannot be read.</summary>
    private bool? IsEqualSoFar(SourceContent content, SourceContent other, TailedFile original)
    {
        long at = 0;
        while (true)
        {
            int read = content.Read(at, _left);
            int same;
            try
            {
                same = other.Read(at, _right.AsSpan(0, read));
            }
            catch (Exception e) when (FileFault.Is(e))
            {
                open.Fail(original, e.Message);
                return null;
            }

            if (same < read || !_left.AsSpan(0, read).SequenceEqual(_right.AsSpan(0, read)))
            {
                return false;
            }

            at += read;
            if (read < BlockSize)
            {
                return true;
            }

            if (at >= WholeUpTo)
            {
                // Beyond, its end stands for the rest.
                at = Math.Max(at, content.Stat().Size - BlockSize + 1);
            }
        }
    }

    /// <summary>True when a content begins as the source did, and goes on as it did up to where it was read.</summary>
    public bool HoldsKnown(TailedFile original, SourceContent content)
    {
        int read = content.Read(0, _left.AsSpan(0, original.Head.Length));
        if (Fingerprint.Of(_left.AsSpan(0, read)) != original.Head)
        {
            return false;
        }

        if (original.Position == 0)
        {
            return true;
        }

        read = content.Read(original.Mark.Start, _left.AsSpan(0, original.Mark.Window.Length));
        return Fingerprint.Of(_left.AsSpan(0, read)) == original.Mark.Window
            && (original.Mark.Offset == original.Position || content.Read(original.Position - 1, _left.AsSpan(0, 1)) == 1);
    }

    /// <summary>True when a content is, as far as one can tell, the beginning of what was read of a source.</summary>
    public bool IsStartOfKnown(TailedFile original, SourceContent content)
    {
        int read = content.Read(0, _left.AsSpan(0, original.Head.Length));
        return !content.IsImmutable && Fingerprint.Of(_left.AsSpan(0, read)) == original.Head && content.Stat().Size < original.Position;
    }

    private static bool IsWeak(TailedFile source) => source.Head.Length + source.Mark.Window.Length < 2 * StrongEvidence;

    private bool IsEqualBehind(long position, SourceContent old, SourceContent content)
    {
        for (long at = position; at < position + WholeUpTo; at += BlockSize)
        {
            int read = old.Read(at, _left);
            int same = content.Read(at, _right.AsSpan(0, read));
            if (same < read || !_left.AsSpan(0, read).SequenceEqual(_right.AsSpan(0, read)))
            {
                return false;
            }

            if (read < BlockSize)
            {
                break;
            }
        }

        return true;
    }
}
