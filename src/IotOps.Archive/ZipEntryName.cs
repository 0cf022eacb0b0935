using System.Buffers;
using System.Globalization;
using System.Text;

namespace IotOps.Archive;

/// <summary>
/// Names that no unpacking program, on Linux, macOS or Windows, takes for a path outside its directory, a device or somebody else's file.
/// </summary>
/// <remarks>
/// The rule, in this order:
/// <list type="number">
/// <item><c>\</c> becomes <c>/</c>; the name is put into Unicode's form C, as far as the process has the data for it (not with <c>InvariantGlobalization</c>).</item>
/// <item>Parts that are empty, <c>.</c> or <c>..</c> go, a drive letter (<c>C:</c>) at the start of a part too: what is left is relative and stays below.</item>
/// <item>Control characters, characters that change the direction of text, lone surrogates and <c>&lt; &gt; : " | ? *</c> become <c>_</c>.</item>
/// <item>Dots and spaces at the end of a part go; a part with nothing left becomes <c>_</c>.</item>
/// <item>A name that Windows keeps for a device (<c>CON</c>, <c>nul.txt</c>, <c>COM1</c> ...) gets <c>_</c> in front.</item>
/// <item>A part longer than 255 bytes of UTF-8 is cut in front of its extension.</item>
/// </list>
/// A <see cref="ZipStreamWriter"/> also keeps names apart that a file system may take for the same, whatever their case: the later one becomes
/// <c>name (2).log</c>, then <c>name (3).log</c>. The same goes for a file that has the name of a directory.
/// </remarks>
public static class ZipEntryName
{
    private const int MaxPartBytes = 255;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("<>:\"|?*");

    /// <summary>The name made safe; the same name when it is safe already.</summary>
    /// <param name="name">As a source calls it: a path, an object key.</param>
    /// <exception cref="ArgumentException">It has more than 65,535 bytes of UTF-8: no zip takes it.</exception>
    public static string Sanitize(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        IEnumerable<string> parts = Composed(WithoutSurrogates(name)).Replace('\\', '/').Split('/')
            .Select(WithoutDrive)
            .Where(part => part is not ("" or "." or ".."))
            .Select(SafePart);
        string safe = string.Join('/', parts);
        if (Encoding.UTF8.GetByteCount(safe) > ushort.MaxValue)
        {
            throw new ArgumentException($"The name '{safe[..50]}...' has more than 65,535 bytes of UTF-8, the most that a zip takes: shorten it.", nameof(name));
        }

        return safe.Length == 0 ? "_" : safe;
    }

    private static string WithoutSurrogates(string name)
    {
        if (!name.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return name;
        }

        var kept = new StringBuilder(name.Length);
        foreach (Rune rune in name.EnumerateRunes())
        {
            // What is no pair is enumerated as the replacement character.
            kept.Append(rune == Rune.ReplacementChar ? "_" : rune.ToString());
        }

        return kept.ToString();
    }

    private static string Composed(string name) => Ascii.IsValid(name) || name.IsNormalized(NormalizationForm.FormC) ? name : name.Normalize(NormalizationForm.FormC);

    private static string WithoutDrive(string part)
    {
        while (part.Length >= 2 && part[1] == ':' && char.IsAsciiLetter(part[0]))
        {
            part = part[2..];
        }

        return part;
    }

    private static string SafePart(string part)
    {
        string clean = string.Create(part.Length, part, static (target, source) =>
        {
            for (int i = 0; i < source.Length; i++)
            {
                target[i] = IsForbidden(source[i]) ? '_' : source[i];
            }
        });
        clean = clean.TrimEnd('.', ' ');
        if (clean.Length == 0)
        {
            return "_";
        }

        return Cut(IsDevice(clean) ? "_" + clean : clean);
    }

    private static bool IsForbidden(char value) =>
        char.IsControl(value) || Forbidden.Contains(value)
        || value is '\u200E' or '\u200F' or '\u061C' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')
        || CharUnicodeInfo.GetUnicodeCategory(value) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    // Windows looks at what stands before the first dot, blanks at its end not counted.
    private static bool IsDevice(string part)
    {
        string stem = part.Split('.')[0].TrimEnd(' ').ToUpperInvariant();
        return stem is "CON" or "PRN" or "AUX" or "NUL" or "CONIN$" or "CONOUT$"
            || (stem.Length == 4
                && (stem.StartsWith("COM", StringComparison.Ordinal) || stem.StartsWith("LPT", StringComparison.Ordinal))
                && (char.IsAsciiDigit(stem[3]) || stem[3] is '\u00B9' or '\u00B2' or '\u00B3'));
    }

    private static string Cut(string part)
    {
        if (Encoding.UTF8.GetByteCount(part) <= MaxPartBytes)
        {
            return part;
        }

        string extension = Path.GetExtension(part);
        int room = MaxPartBytes - Encoding.UTF8.GetByteCount(extension);
        if (room < 1)
        {
            extension = "";
            room = MaxPartBytes;
        }

        var kept = new StringBuilder(MaxPartBytes);
        foreach (Rune rune in part.EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
            {
                break;
            }

            kept.Append(rune.ToString());
        }

        return (kept.ToString().TrimEnd('.', ' ') + extension).TrimEnd('.', ' ');
    }
}
