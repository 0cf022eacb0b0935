using System.Text;

namespace IotOps.Emulator.Sqs;

/// <summary>What a message may hold. See https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html.</summary>
internal static class MessageBody
{
    /// <summary>Checks one message, and returns its bytes.</summary>
    /// <exception cref="Http.Refusal">It is empty, too long, or has characters that XML has not.</exception>
    public static int Check(string? body, int maxBytes)
    {
        if (body is null)
        {
            throw SqsRefusal.Missing("MessageBody");
        }

        int bytes = Encoding.UTF8.GetByteCount(body);
        if (bytes == 0 || bytes > maxBytes)
        {
            throw SqsRefusal.Parameter($"One or more parameters are invalid. Reason: Message must be longer than 0 bytes and shorter than {maxBytes} bytes.");
        }

        foreach (Rune rune in body.EnumerateRunes())
        {
            if (rune.Value is (< 0x20 and not (0x9 or 0xA or 0xD)) or 0xFFFE or 0xFFFF)
            {
                throw SqsRefusal.Characters();
            }
        }

        return bytes;
    }

    /// <summary>What an SDK checks a message by.</summary>
    public static string Md5(string body)
    {
#pragma warning disable CA5351 // SQS' own checksum; nothing is protected by it.
        return Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(Encoding.UTF8.GetBytes(body)));
#pragma warning restore CA5351
    }
}
