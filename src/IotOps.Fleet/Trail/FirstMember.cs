using IotOps.Shared;

namespace IotOps.Fleet.Trail;

/// <summary>Steps through the first member of a gzip file and no further.</summary>
internal static class FirstMember
{
    /// <summary>Bytes that one read takes: deflate makes a thousand bytes of one at most, and all that a read makes is held at once.</summary>
    public const int ReadBytes = 16 << 10;

    /// <summary>Reads on.</summary>
    public static ValueTask ReadAsync(GzipMembers members, CancellationToken cancellationToken) =>
        members.ReadAsync(int.MaxValue - Inflater.Padding, cancellationToken);

    /// <summary>Inflates what was read; true at the member's end, which was good.</summary>
    /// <exception cref="InvalidDataException">The gzip is damaged or cut off.</exception>
    public static bool Inflate(GzipMembers members)
    {
        GzipEvent reached;
        do
        {
            reached = members.Next();
        }
        while (reached == GzipEvent.MemberBegan);
        members.Drop(members.At);
        return reached == GzipEvent.MemberEnded;
    }

    /// <summary>Looks behind a member that has ended.</summary>
    public static async ValueTask<GzipTail> LookBehindAsync(GzipMembers members, CancellationToken cancellationToken)
    {
        while (members.Held.Length < 2 && !members.IsWhole)
        {
            await ReadAsync(members, cancellationToken).ConfigureAwait(false);
        }

        return GzipHeader.IsAt(members.Held.Span, 0) ? GzipTail.Member
            : members.Held.Length > 0 ? GzipTail.Garbage
            : GzipTail.Nothing;
    }
}
