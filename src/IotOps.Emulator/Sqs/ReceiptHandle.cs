using System.Globalization;
using System.Text;

namespace IotOps.Emulator.Sqs;

/// <summary>What a delivery is deleted by: the message, and which delivery of it.</summary>
internal readonly record struct ReceiptHandle(string MessageId, int Delivery)
{
    public static ReceiptHandle? Read(string text)
    {
        byte[] buffer = new byte[text.Length];
        return Convert.TryFromBase64String(text, buffer, out int length)
            && Encoding.UTF8.GetString(buffer, 0, length).Split('/') is [var id, var delivery]
            && Guid.TryParse(id, out _)
            && int.TryParse(delivery, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? new ReceiptHandle(id, number)
            : null;
    }

    public override string ToString() => Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{MessageId}/{Delivery}")));
}
