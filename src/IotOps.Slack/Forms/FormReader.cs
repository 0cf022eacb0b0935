using System.Text;

namespace IotOps.Slack.Forms;

/// <summary>Reads <c>application/x-www-form-urlencoded</c> strictly: what is not a form is refused, never guessed.</summary>
internal static class FormReader
{
    public const int MaxBytes = 64 << 10;
    public const int MaxFields = 100;
    public const int MaxNameChars = 100;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The fields by name; null and a problem when the bytes are no form. Problems quote no values.</summary>
    public static Dictionary<string, string>? Read(ReadOnlySpan<byte> form, out string? problem)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        problem = form.Length > MaxBytes ? $"The form has {form.Length} bytes; {MaxBytes} are the limit." : null;
        if (form.IsEmpty || problem is not null)
        {
            return problem is null ? fields : null;
        }

        byte[] buffer = new byte[form.Length];
        foreach (Range range in form.Split((byte)'&'))
        {
            problem = Add(fields, form[range], buffer);
            if (problem is not null)
            {
                return null;
            }
        }

        return fields;
    }

    private static string? Add(Dictionary<string, string> fields, ReadOnlySpan<byte> pair, byte[] buffer)
    {
        int place = fields.Count + 1;
        int equals = pair.IndexOf((byte)'=');
        if (equals <= 0)
        {
            return $"Field {place} of the form is not name=value.";
        }

        if (Decode(pair[..equals], buffer) is not { Length: > 0 and <= MaxNameChars } name)
        {
            return $"The name of field {place} of the form is not valid percent-encoded UTF-8 of 1 to {MaxNameChars} characters.";
        }

        if (Decode(pair[(equals + 1)..], buffer) is not { } value)
        {
            return $"The value of '{name}' is not valid percent-encoded UTF-8.";
        }

        if (place > MaxFields)
        {
            return $"The form has more than {MaxFields} fields.";
        }

        return fields.TryAdd(name, value) ? null : $"The field '{name}' occurs twice.";
    }

    private static string? Decode(ReadOnlySpan<byte> encoded, byte[] buffer)
    {
        int length = 0;
        for (int i = 0; i < encoded.Length; i++)
        {
            byte b = encoded[i];
            if (b == '%')
            {
                if (i + 2 >= encoded.Length || !char.IsAsciiHexDigit((char)encoded[i + 1]) || !char.IsAsciiHexDigit((char)encoded[i + 2]))
                {
                    return null;
                }

                b = (byte)((Hex(encoded[i + 1]) << 4) | Hex(encoded[i + 2]));
                i += 2;
            }
            else if (b == '+')
            {
                b = (byte)' ';
            }

            buffer[length++] = b;
        }

        try
        {
            return StrictUtf8.GetString(buffer, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static int Hex(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
