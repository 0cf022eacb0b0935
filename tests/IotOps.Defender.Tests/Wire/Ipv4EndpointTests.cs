using System.Globalization;
using System.Text;
using IotOps.Defender.Wire;

namespace IotOps.Defender.Tests.Wire;

/// <summary>The quick reading of an IPv4 endpoint reads what the thorough one reads.</summary>
public sealed class Ipv4EndpointTests
{
    [Fact]
    public void The_quick_reading_agrees_with_the_thorough_one()
    {
        var random = new Random(5);
        int quick = 0;
        for (int i = 0; i < 20_000; i++)
        {
            string text = Text(random);
            bool isQuick = Ipv4Endpoint.TryParse(Encoding.UTF8.GetBytes(text), out InternetAddress address, out int port);
            quick += isQuick ? 1 : 0;
            int colon = text.LastIndexOf(':');
            bool isThorough = colon > 0
                && InternetAddress.TryParse(text.AsSpan(0, colon), out InternetAddress expected) && expected.IsIPv4 && !text.AsSpan(0, colon).Contains(':')
                && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= 65_535;
            if (isQuick)
            {
                isThorough.ShouldBeTrue(text);
                $"{address}:{port.ToString(CultureInfo.InvariantCulture)}".ShouldBe($"{text[..colon]}:{text[(colon + 1)..].TrimStart('0')}");
            }
            else if (isThorough)
            {
                (text.Length - colon).ShouldBeGreaterThan(6, text);
            }
        }

        quick.ShouldBeGreaterThan(5_000);
    }

    private static string Text(Random random)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{random.Next(256)}.{random.Next(256)}.{random.Next(256)}.{random.Next(256)}:{random.Next(65_536)}");
        if (random.Next(2) == 0)
        {
            return text;
        }

        char[] changed = text.ToCharArray();
        changed[random.Next(changed.Length)] = "0123456789.:[]ax "[random.Next(17)];
        return (random.Next(4) == 0 ? "0" : "") + new string(changed) + (random.Next(6) == 0 ? "000" : "");
    }
}
