using System.Text;

namespace IotOps.Defender.Linux;

/// <summary>One string for each interface's name, however often it is read.</summary>
internal sealed class InterfaceNames
{
    // A container host makes and removes interfaces for years under ever new names.
    private const int Limit = 4096;

    private readonly List<Entry> _entries = [];
    private int _next;

    public string Get(ReadOnlySpan<byte> name)
    {
        // Lists of interfaces come in the same order each time.
        for (int i = 0; i < _entries.Count; i++)
        {
            int at = (_next + i) % _entries.Count;
            if (name.SequenceEqual(_entries[at].Utf8))
            {
                _next = at + 1;
                return _entries[at].Text;
            }
        }

        if (_entries.Count == Limit)
        {
            _entries.Clear();
        }

        var entry = new Entry(name.ToArray(), Encoding.UTF8.GetString(name));
        _entries.Add(entry);
        _next = _entries.Count;
        return entry.Text;
    }

    private sealed class Entry(byte[] utf8, string text)
    {
        public byte[] Utf8 => utf8;

        public string Text => text;
    }
}
