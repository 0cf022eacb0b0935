using IotOps.Defender;

namespace IotOps.Detect.Evaluating;

/// <summary>Measurements in a thing's state.</summary>
internal static class Measurements
{
    private const byte Number = 0;
    private const byte Numbers = 1;
    private const byte Addresses = 2;
    private const byte Strings = 3;

    public static void Write(StateWriter writer, Measurement value)
    {
        if (value.Number is { } number)
        {
            writer.Byte(Number);
            writer.Number(number);
        }
        else if (value.Numbers is { } numbers)
        {
            writer.Byte(Numbers);
            writer.Count(numbers.Count);
            foreach (double one in numbers)
            {
                writer.Number(one);
            }
        }
        else if (value.Addresses is { } addresses)
        {
            writer.Byte(Addresses);
            writer.Count(addresses.Count);
            foreach (InternetAddress address in addresses)
            {
                WriteAddress(writer, address);
            }
        }
        else
        {
            writer.Byte(Strings);
            writer.Count(value.Strings!.Count);
            foreach (string text in value.Strings)
            {
                writer.Text(text);
            }
        }
    }

    public static Measurement Read(ref StateReader reader)
    {
        byte kind = reader.Byte();
        if (kind == Number)
        {
            return Measurement.Of(reader.Number());
        }

        int count = reader.Count();
        switch (kind)
        {
            case Numbers:
                double[] numbers = new double[count];
                for (int i = 0; i < count; i++)
                {
                    numbers[i] = reader.Number();
                }

                return Measurement.OfNumbers(numbers);
            case Addresses:
                var addresses = new InternetAddress[count];
                for (int i = 0; i < count; i++)
                {
                    addresses[i] = ReadAddress(ref reader);
                }

                return Measurement.OfAddresses(addresses);
            case Strings:
                string[] strings = new string[count];
                for (int i = 0; i < count; i++)
                {
                    strings[i] = reader.Text();
                }

                return Measurement.OfStrings(strings);
            default:
                throw new InvalidDataException($"The thing's state is damaged: {kind} is not a kind of measurement.");
        }
    }

    public static void WriteAddress(StateWriter writer, InternetAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        writer.Bytes(bytes[..address.WriteBytes(bytes)]);
    }

    public static InternetAddress ReadAddress(ref StateReader reader)
    {
        ReadOnlySpan<byte> bytes = reader.Bytes().Span;
        return bytes.Length is 4 or 16 ? InternetAddress.FromBytes(bytes) : throw new InvalidDataException("The thing's state is damaged: an address has 4 or 16 bytes.");
    }
}
