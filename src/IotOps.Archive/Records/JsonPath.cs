using System.Text;

namespace IotOps.Archive.Records;

/// <summary>A property by its dotted path: <c>device.thingName</c>.</summary>
internal sealed class JsonPath
{
    private readonly byte[][] _names;

    private JsonPath(byte[][] names) => _names = names;

    public int Depth => _names.Length;

    public ReadOnlySpan<byte> this[int depth] => _names[depth];

    /// <exception cref="FormatException">A name in it is empty.</exception>
    public static JsonPath Parse(string path)
    {
        string[] names = path.Split('.');
        return names.All(name => name.Length > 0)
            ? new JsonPath([.. names.Select(Encoding.UTF8.GetBytes)])
            : throw new FormatException($"'{path}' is no property: names with a dot between them are, such as device.thingName.");
    }
}
