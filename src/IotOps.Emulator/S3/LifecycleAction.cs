using System.Globalization;
using System.Xml.Linq;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>Checks what a rule of a lifecycle does, and when.</summary>
internal static class LifecycleAction
{
    private const int MinDaysBeforeInfrequentAccess = 30;
    private static readonly string[] Targets = ["STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"];

    public static void Check(XElement action, bool hasTags)
    {
        switch (action.Name.LocalName)
        {
            case "Expiration":
                CheckExpiration(action, hasTags);
                break;
            case "Transition":
                S3Xml.RefuseAllBut(action, ["Days", "Date", "StorageClass"], []);
                CheckOneOf(action, "Days", "Date");
                CheckTransition(action, "Days");
                CheckDate(LifecycleRules.Child(action, "Date"));
                break;
            case "NoncurrentVersionExpiration":
                S3Xml.RefuseAllBut(action, ["NoncurrentDays", "NewerNoncurrentVersions"], []);
                Demand(action, "NoncurrentDays");
                CheckNumbers(action, 1, "NoncurrentDays", "NewerNoncurrentVersions");
                break;
            case "NoncurrentVersionTransition":
                S3Xml.RefuseAllBut(action, ["NoncurrentDays", "NewerNoncurrentVersions", "StorageClass"], []);
                Demand(action, "NoncurrentDays");
                CheckNumbers(action, 1, "NewerNoncurrentVersions");
                CheckTransition(action, "NoncurrentDays");
                break;
            default:
                S3Xml.RefuseAllBut(action, ["DaysAfterInitiation"], []);
                Demand(action, "DaysAfterInitiation");
                CheckNumbers(action, 1, "DaysAfterInitiation");
                RefuseTags(action.Name.LocalName, hasTags);
                break;
        }
    }

    /// <summary>Sees to it that an object is moved before it is gone.</summary>
    public static void CheckOrder(XElement rule)
    {
        int? Days(XElement action) => LifecycleRules.Child(action, "Days") is { } days ? Number(days) : null;

        int? expires = LifecycleRules.Child(rule, "Expiration") is { } expiration ? Days(expiration) : null;
        if (rule.Elements().Where(e => e.Name.LocalName == "Transition").Any(t => Days(t) >= expires))
        {
            throw S3Errors.InvalidArgument("Days", $"{expires}", "'Days' in the Expiration action must be greater than 'Days' in the Transition action");
        }
    }

    private static void CheckExpiration(XElement action, bool hasTags)
    {
        S3Xml.RefuseAllBut(action, ["Days", "Date", "ExpiredObjectDeleteMarker"], []);
        CheckOneOf(action, "Days", "Date", "ExpiredObjectDeleteMarker");
        CheckNumbers(action, 1, "Days");
        CheckDate(LifecycleRules.Child(action, "Date"));
        if (LifecycleRules.Child(action, "ExpiredObjectDeleteMarker") is { } marker)
        {
            RefuseTags(marker.Name.LocalName, hasTags);
            if (marker.Value is not ("true" or "false"))
            {
                throw S3Errors.MalformedXml();
            }
        }
    }

    private static void CheckTransition(XElement action, string days)
    {
        CheckNumbers(action, 0, days);
        string? target = LifecycleRules.Child(action, "StorageClass")?.Value;
        if (!Targets.Contains(target, StringComparer.Ordinal))
        {
            throw S3Errors.MalformedXml();
        }

        if (target is "STANDARD_IA" or "ONEZONE_IA" && LifecycleRules.Child(action, days) is { } count && Number(count) < MinDaysBeforeInfrequentAccess)
        {
            throw S3Errors.InvalidArgument(
                days, count.Value, $"'{days}' in {action.Name.LocalName} action must be greater than or equal to {MinDaysBeforeInfrequentAccess} for storageClass '{target}'");
        }
    }

    private static void CheckOneOf(XElement action, params ReadOnlySpan<string> names)
    {
        int count = 0;
        foreach (string name in names)
        {
            count += LifecycleRules.Child(action, name) is null ? 0 : 1;
        }

        if (count != 1)
        {
            throw S3Errors.MalformedXml();
        }
    }

    private static void Demand(XElement action, string name) => CheckOneOf(action, name);

    private static void CheckNumbers(XElement action, int min, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (LifecycleRules.Child(action, name) is { } number && Number(number) < min)
            {
                string least = min == 0 ? "nonnegative" : "positive";
                throw S3Errors.InvalidArgument(name, number.Value, $"'{name}' for {action.Name.LocalName} action must be a {least} integer");
            }
        }
    }

    private static int Number(XElement element) =>
        int.TryParse(element.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : throw S3Errors.MalformedXml();

    private static void CheckDate(XElement? date)
    {
        if (date is null)
        {
            return;
        }

        if (!DateTimeOffset.TryParse(date.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
        {
            throw S3Errors.MalformedXml();
        }

        if (time.UtcDateTime.TimeOfDay != TimeSpan.Zero)
        {
            throw S3Errors.InvalidArgument("Date", date.Value, "'Date' must be at midnight GMT");
        }
    }

    // Neither uploads under way nor markers have tags.
    private static void RefuseTags(string name, bool hasTags)
    {
        if (hasTags)
        {
            throw new Refusal(400, "InvalidRequest", $"{name} cannot be specified with Tags.");
        }
    }
}
