using System.Xml.Linq;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>Checks which objects a rule of a lifecycle is for.</summary>
internal static class LifecycleFilter
{
    private static readonly string[] Sizes = ["ObjectSizeGreaterThan", "ObjectSizeLessThan"];

    /// <summary>Checks a Filter, which holds nothing, one condition, or several in And; returns whether it asks for tags.</summary>
    /// <exception cref="Refusal">It holds anything else.</exception>
    public static bool Check(XElement filter)
    {
        S3Xml.RefuseAllBut(filter, ["Prefix", "Tag", "And", .. Sizes], []);
        XElement[] conditions = [.. filter.Elements()];
        if (conditions.Length > 1)
        {
            throw S3Errors.MalformedXml();
        }

        if (conditions is [{ Name.LocalName: "And" } and])
        {
            S3Xml.RefuseAllBut(and, ["Prefix", "Tag", .. Sizes], []);
            conditions = [.. and.Elements()];
            if (conditions.Length < 2)
            {
                throw S3Errors.MalformedXml();
            }
        }

        KeyValuePair<string, string>[] tags = [.. conditions.Where(c => c.Name.LocalName == "Tag").Select(ObjectTags.Tag)];
        if (tags.Any(static tag => tag.Key.Length == 0))
        {
            throw S3Errors.MalformedXml();
        }

        if (tags.DistinctBy(t => t.Key, StringComparer.Ordinal).Count() < tags.Length)
        {
            throw new Refusal(400, "InvalidRequest", "Duplicate Tag Keys are not allowed.");
        }

        foreach (XElement size in conditions.Where(c => Sizes.Contains(c.Name.LocalName, StringComparer.Ordinal)))
        {
            if (!long.TryParse(size.Value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _))
            {
                throw S3Errors.MalformedXml();
            }
        }

        return tags.Length > 0;
    }
}
