using System.Text;
using IotOps.Fleet.Patterns;

namespace IotOps.Fleet.IotLogs;

/// <summary>Texts of which there are few, each made once.</summary>
internal sealed class TextPool
{
    private const int Most = 4_096;

    private readonly ByteTable<string> _texts = new();

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (_texts.Find(utf8) is { } known)
        {
            return known;
        }

        string text = Encoding.UTF8.GetString(utf8);
        if (_texts.Count < Most && utf8.Length <= 256)
        {
            _texts.Add(utf8, text);
        }

        return text;
    }
}
