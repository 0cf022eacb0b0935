using System.Text;
using IotOps.Defender.Validation;

namespace IotOps.Defender.Wire;

/// <summary>A report's custom metrics.</summary>
internal static class CustomMetricParser
{
    public static Dictionary<string, CustomMetricValue> Read(scoped ref DocumentReader reader)
    {
        var metrics = new Dictionary<string, CustomMetricValue>(StringComparer.Ordinal);
        for (long left = reader.BeginMap(); reader.NextName(ref left, out ReadOnlySpan<byte> utf8);)
        {
            string name = Encoding.UTF8.GetString(utf8);
            if (CustomMetricRules.NameError(name) is { } error)
            {
                throw new FormatException(error);
            }

            if (!metrics.TryAdd(name, ReadCustomMetric(ref reader, name)))
            {
                throw new FormatException($"'{name}' is there twice.");
            }
        }

        return metrics;
    }

    // A list of one map of one member, whose name is the type.
    private static CustomMetricValue ReadCustomMetric(scoped ref DocumentReader reader, string name)
    {
        CustomMetricValue? value = null;
        for (long items = reader.BeginList(); reader.NextItem(ref items);)
        {
            for (long members = reader.BeginMap(); reader.NextName(ref members, out ReadOnlySpan<byte> type);)
            {
                value = value is null ? ReadTyped(ref reader, type) : throw new FormatException($"The custom metric '{name}' has more than one value.");
            }
        }

        return value ?? throw new FormatException($"The custom metric '{name}' has no value.");
    }

    private static CustomMetricValue ReadTyped(scoped ref DocumentReader reader, scoped ReadOnlySpan<byte> type)
    {
        if (type.SequenceEqual(FieldNames.Of(CustomMetricType.Number)))
        {
            return CustomMetricValue.Number(ReadNumber(ref reader));
        }

        if (type.SequenceEqual(FieldNames.Of(CustomMetricType.NumberList)))
        {
            List<double> numbers = [];
            for (long left = reader.BeginList(); reader.NextItem(ref left);)
            {
                numbers.Add(ReadNumber(ref reader));
            }

            return CustomMetricValue.NumberList(numbers);
        }

        if (type.SequenceEqual(FieldNames.Of(CustomMetricType.StringList)))
        {
            List<string> strings = [];
            for (long left = reader.BeginList(); reader.NextItem(ref left);)
            {
                string text = reader.Text();
                strings.Add(CustomMetricRules.StringError(text) is { } error ? throw new FormatException(error) : text);
            }

            return CustomMetricValue.StringList(strings);
        }

        if (type.SequenceEqual(FieldNames.Of(CustomMetricType.IpList)))
        {
            List<InternetAddress> addresses = [];
            for (long left = reader.BeginList(); reader.NextItem(ref left);)
            {
                addresses.Add(InternetAddress.TryParse(reader.Text(), out InternetAddress address) ? address : throw reader.Wrong("has an entry that is no address"));
            }

            return CustomMetricValue.IpList(addresses);
        }

        throw reader.Wrong("is no type of a custom metric; those are number, number_list, string_list and ip_list");
    }

    private static double ReadNumber(scoped ref DocumentReader reader)
    {
        double number = reader.Number();
        return CustomMetricRules.NumberError(number) is { } error ? throw new FormatException(error) : number;
    }
}
