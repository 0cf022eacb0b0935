namespace IotOps.Fleet.Lifecycle;

/// <summary>The latest sessions of a client, a few of them, by their hashes.</summary>
internal sealed class RecentSessions
{
    private const int Kept = 8;

    private int[] _hashes = [];
    private int _next;

    public bool Contains(string? session) => session is not null && Array.IndexOf(_hashes, Hash(session)) >= 0;

    public void Add(string? session)
    {
        if (session is null || Contains(session))
        {
            return;
        }

        if (_hashes.Length < Kept)
        {
            _hashes = [.. _hashes, Hash(session)];
            return;
        }

        _hashes[_next] = Hash(session);
        _next = (_next + 1) % Kept;
    }

    /// <summary>Becomes the other one, which becomes empty.</summary>
    public void TakeAll(RecentSessions other)
    {
        (_hashes, _next) = (other._hashes, other._next);
        (other._hashes, other._next) = ([], 0);
    }

    private static int Hash(string session) => string.GetHashCode(session, StringComparison.Ordinal);
}
