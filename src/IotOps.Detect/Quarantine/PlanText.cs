using System.Globalization;
using System.Text;

namespace IotOps.Detect.Quarantine;

/// <summary>A plan as text for a review.</summary>
internal static class PlanText
{
    public static string Of(QuarantinePlan plan)
    {
        var text = new StringBuilder();
        Line(text, $"Quarantine of {plan.Thing} for violation {plan.ViolationId}{(plan.Reason.Length == 0 ? "" : $": {plan.Reason}")}");
        Line(text, $"  read {Time(plan.MadeAt)}, thing id {plan.ThingId}");
        Line(text, $"  groups: {List(plan.Groups.Select(group => group.IsDynamic ? $"{group.Name} (dynamic)" : group.Name))}");
        foreach (QuarantinedCertificate certificate in plan.Certificates)
        {
            Line(text, $"  certificate {certificate.Id}: {certificate.Status}");
            Line(text, $"    policies: {List(certificate.Policies)}");
            Line(text, $"    other things: {List(certificate.OtherThings)}");
        }

        string[] others = [.. plan.OtherThings];
        Line(text, others.Length == 0
            ? "Blast radius: this thing alone."
            : $"Blast radius: {others.Length + 1} things lose their access: {plan.Thing}, {string.Join(", ", others)}.");
        foreach (QuarantineRefusal refusal in plan.Refusals)
        {
            Line(text, $"{(refusal.IsOverridden ? "Overridden" : "REFUSED")}: {refusal.Message}");
        }

        foreach (string note in plan.Notes)
        {
            Line(text, $"Note: {note}");
        }

        Line(text, $"At most {plan.HourlyLimit} {(plan.HourlyLimit == 1 ? "quarantine" : "quarantines")} begin within an hour.");
        Line(text, "Steps:");
        bool isHeld = false;
        foreach (QuarantineStep step in plan.Steps)
        {
            if (step.IsFinal && !isHeld)
            {
                isHeld = true;
                Line(text, $"     held for {plan.HoldTime:c}, then with an approval:");
            }

            Line(text, $"  {step.Number,2} {StepText.Call(step)}{(step.IsOptional ? " (may fail)" : "")} [undo: {StepText.Inverse(step)}]");
        }

        return text.ToString();
    }

    public static string List(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } list ? list : "none";

    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
