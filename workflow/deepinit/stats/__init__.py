"""Estimates with intervals.

intervals             means, medians, fractions, sums, crossings of zero
log_normal_mean       mean of nearly log-normal numbers
ratio_of_means        ratio of two means
explained_variance    share of a variance between groups that one number explains
survival              medians of times until something that may never happen
roughness             Hurst index of a path
"""
