using System.Xml.Linq;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>
/// Checks a lifecycle as S3 does before it takes one.
/// See https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html.
/// </summary>
internal static class LifecycleRules
{
    private const int MaxRules = 1_000;
    private const int MaxIdLength = 255;

    private static readonly string[] Actions =
        ["Expiration", "Transition", "NoncurrentVersionExpiration", "NoncurrentVersionTransition", "AbortIncompleteMultipartUpload"];

    private static readonly string[] Repeated = ["Transition", "NoncurrentVersionTransition"];

    /// <summary>The document as it is given back: in S3's namespace, and with an id for each rule that came without one.</summary>
    /// <exception cref="Refusal">S3 would not take it.</exception>
    public static XElement Read(XElement sent)
    {
        S3Xml.RefuseAllBut(sent, ["Rule"], []);
        XElement[] rules = [.. sent.Elements()];
        if (rules.Length is 0 or > MaxRules)
        {
            throw S3Errors.MalformedXml();
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (XElement rule in rules)
        {
            Check(rule, ids);
        }

        XNamespace ns = S3Answer.Namespace;
        foreach (XElement element in sent.DescendantsAndSelf())
        {
            element.Name = ns + element.Name.LocalName;
            element.Attributes().Remove();
        }

        foreach (XElement rule in sent.Elements().Where(r => r.Element(ns + "ID") is null))
        {
            rule.AddFirst(new XElement(ns + "ID", Guid.NewGuid().ToString("N")));
        }

        return sent;
    }

    /// <summary>A child of a rule by its name, whatever the namespace; null when there is none.</summary>
    /// <exception cref="Refusal">There are several.</exception>
    public static XElement? Child(XElement element, string name)
    {
        XElement[] found = [.. element.Elements().Where(e => e.Name.LocalName == name)];
        return found.Length > 1 ? throw S3Errors.MalformedXml() : found.FirstOrDefault();
    }

    private static void Check(XElement rule, HashSet<string> ids)
    {
        S3Xml.RefuseAllBut(rule, ["ID", "Prefix", "Filter", "Status", .. Actions], []);
        if (Actions.Except(Repeated, StringComparer.Ordinal).Any(a => rule.Elements().Count(e => e.Name.LocalName == a) > 1))
        {
            throw S3Errors.MalformedXml();
        }

        CheckId(Child(rule, "ID")?.Value, ids);
        XElement? filter = Child(rule, "Filter");
        bool hasOneFilter = filter is null != (Child(rule, "Prefix") is null);
        if (Child(rule, "Status")?.Value is not ("Enabled" or "Disabled") || !hasOneFilter)
        {
            throw S3Errors.MalformedXml();
        }

        bool hasTags = filter is not null && LifecycleFilter.Check(filter);
        XElement[] actions = [.. rule.Elements().Where(e => Actions.Contains(e.Name.LocalName, StringComparer.Ordinal))];
        if (actions.Length == 0)
        {
            throw new Refusal(400, "InvalidRequest", "At least one action needs to be specified in a rule.");
        }

        foreach (XElement action in actions)
        {
            LifecycleAction.Check(action, hasTags);
        }

        LifecycleAction.CheckOrder(rule);
    }

    private static void CheckId(string? id, HashSet<string> ids)
    {
        if (id is { Length: > MaxIdLength })
        {
            throw S3Errors.InvalidArgument("ID", id, $"ID length should not exceed allowed limit of {MaxIdLength}");
        }

        if (id is not null && !ids.Add(id))
        {
            throw S3Errors.InvalidArgument("ID", id, "Rule ID must be unique. Found same ID for more than one rule");
        }
    }
}
