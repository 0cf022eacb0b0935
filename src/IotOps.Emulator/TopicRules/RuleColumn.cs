namespace IotOps.Emulator.TopicRules;

/// <summary>One column of a rule's SELECT.</summary>
/// <param name="Name">Its name in the result.</param>
/// <param name="Expression">Its value; null for <c>*</c>.</param>
internal sealed record RuleColumn(string Name, RuleExpression? Expression);
